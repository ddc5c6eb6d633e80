import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { codeBlocks, readPage, root } from './support/markdown-pages.ts'

const readme = readPage('README.md')

test('README.md is read in five minutes: it has at most 1,300 words', () => {
  expect(readme.split(/\s+/).length).toBeLessThanOrEqual(1_300)
})

test('README.md has the two commands of a clone, each in a block of its own', () => {
  const commands = codeBlocks('README.md').map(({ code }) => code.trim())
  expect(commands).toContain('npm ci && npm run demo')
  expect(commands).toContain('npm ci && npm test')
})

test('README.md names each entry of the package', () => {
  const entries = Object.keys(manifest.exports).filter((name) => !name.endsWith('.json'))
  const missing = entries.filter((name) => !readme.includes(`\`${name.replace(/^\.\//, '/')}\``))
  expect(
    missing.filter((name) => !readme.includes(`\`${name.replace('.', 'storefront-session')}\``)),
  ).toEqual([])
})

test('README.md says no smaller size than size-limit holds', () => {
  const [whole] = manifest['size-limit']
  const [, said] = readme.match(/\*\*storefront-session\*\* \|.*\| ([\d.]+) \|/) ?? []
  expect(Number(said)).toBeGreaterThanOrEqual(Number.parseFloat(whole?.limit ?? ''))
})

test('README.md shows a moving picture of at most 400 kB', () => {
  const [, path = ''] = readme.match(/!\[[^\]]+\]\((\S+\.webp)\)/) ?? []
  const film = readFileSync(root + path)
  expect(film.length).toBeLessThanOrEqual(400_000)
  // The container of an animated WebP: a RIFF file with the frames as ANMF chunks.
  expect([film.toString('latin1', 0, 4), film.toString('latin1', 8, 16)]).toEqual(['RIFF', 'WEBPVP8X'])
  expect(film.toString('latin1').split('ANMF').length - 1).toBeGreaterThan(5)
})
