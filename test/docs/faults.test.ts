import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const rows = [...readFileSync(new URL('docs/faults.md', root), 'utf8').matchAll(/^\| (\d+) \|/gm)].map(
  ([, number]) => Number(number),
)

/** Numbers such as F17 in test files, with the file: a title may name several. */
const named = readdirSync(new URL('test/', root), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|tsx)$/.test(path))
  .flatMap((path) =>
    [...readFileSync(new URL(`test/${path}`, root), 'utf8').matchAll(/\bF(\d{1,3})\b/g)].map(
      ([, number]) => ({ path, number: Number(number) }),
    ),
  )

test('F150: the catalogue of faults numbers its rows from 1, without a gap', () => {
  expect(rows.length).toBeGreaterThanOrEqual(210)
  expect(rows).toEqual(rows.map((_, index) => index + 1))
})

test('F150: each fault that a test names is a row of the catalogue', () => {
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter(({ number }) => !rows.includes(number))).toEqual([])
})
