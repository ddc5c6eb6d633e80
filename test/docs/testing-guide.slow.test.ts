import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { run } from '../package/support.ts'
import { installExample } from './support/install-example.ts'
import { readPage } from './support/markdown-pages.ts'

/** The worked examples: regions of account.test.tsx, which the guide shows. */
const EXAMPLES = [
  'anonymous',
  'recognised',
  'down',
  'lost',
  'sign-in',
  'sign-out',
  'consent',
  'suspense',
  'hydration',
]
const source = readPage('docs/examples/testing/account.test.tsx')
const titles = EXAMPLES.map((name) => {
  const [, region = ''] =
    new RegExp(`// #region ${name}\n(.*?)// #endregion ${name}\n`, 's').exec(source) ?? []
  return /^test\('(.*?)',/m.exec(region)?.[1]
})

const scratch = mkdtempSync(join(tmpdir(), 'storefront-testing-'))
let folder = ''
beforeAll(async () => {
  folder = await installExample('testing', scratch, inject('tarball'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('the guide to testing shows each worked example', () => {
  const guide = readPage('docs/guides/testing.md')
  expect(EXAMPLES.filter((name) => !guide.includes(`testing/account.test.tsx#${name}\n`))).toEqual([])
  expect(titles).not.toContain(undefined)
})

test.concurrent('the tests and stories of the guide to testing compile under strict', async () => {
  expect(await run(folder, 'npx tsc --noEmit')).toBe('')
})

/** What Vitest and Jest report of a run. */
interface Report {
  testResults: { assertionResults: { title: string; status: string }[] }[]
}

test.concurrent.each([
  ['Vitest with jsdom', 'npx vitest run --reporter=default --reporter=json'],
  ['Vitest with happy-dom', 'npx vitest run --environment happy-dom --reporter=default --reporter=json'],
  ['Jest', 'npx jest --json'],
])('each worked example of the guide to testing passes in %s', async (name, command) => {
  const file = join(folder, `${name}.json`)
  await run(folder, command, `--outputFile=${file}`)
  const { testResults }: Report = JSON.parse(readFileSync(file, 'utf8'))
  const passed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed')
  expect(passed.map(({ title }) => title)).toEqual(expect.arrayContaining(titles))
})
