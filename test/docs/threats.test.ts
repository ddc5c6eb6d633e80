import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readPage, root } from './support/markdown-pages.ts'

const page = readPage('docs/security.md')
const [, threats = ''] = /## Threats\n(.*?)\n## /s.exec(page) ?? []
const sections = threats.split(/^### /m).slice(1)

/** The tests that the page names, as [file, part of a title]. */
const named = [...page.matchAll(/`(test\/[\w./-]+\.tsx?)`, "([^"]+)"/g)].map(
  ([, file = '', title = '']): [string, string] => [file, title],
)

test('the threat model has a section for each attacker', () => {
  const attackers = sections.map((section) => section.split('\n')[0])
  expect(attackers).toEqual([
    'A planted id',
    'An overwritten customer',
    'A cross-site request',
    'A flood',
    'A shared device',
    'An evicted store',
    'A leaked file',
    'A leaked log',
    'A cached page',
    'Another tenant',
    'A hostile script of the same origin',
  ])
})

test('each section of the threat model says what is not defended', () => {
  for (const section of sections) expect(section).toMatch(/^- Not defended/m)
})

test('each test that the page names is there', () => {
  expect(named.length).toBeGreaterThan(30)
  for (const [file, title] of named) {
    expect(existsSync(root + file), file).toBe(true)
    const titles = readFileSync(root + file, 'utf8').matchAll(/['"`]([^'"`\n]*)['"`]/g)
    const isThere = [...titles].some(([, text = '']) => text.includes(title))
    expect(isThere, `${file}: ${title}`).toBe(true)
  }
})
