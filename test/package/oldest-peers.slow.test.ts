import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from './support.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const TAKEN = 'src demo test package.json package-lock.json vite.config.ts tsconfig.json'.split(' ')

let copy = ''
beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'storefront-oldest-'))
  for (const name of TAKEN) cpSync(join(repository, name), join(copy, name), { recursive: true })
  await run(copy, 'npm ci --no-audit --no-fund --ignore-scripts')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const OLDEST = ['react@18.3.1', 'react-dom@18.3.1', '@tanstack/react-query@5.0.0']

test.each([
  { how: 'beside a newer query-core of ours, so that there are two copies', packages: OLDEST },
  { how: 'and its query-core, which is shared', packages: [...OLDEST, '@tanstack/query-core@5.0.0'] },
])('the component tests pass on React 18 with TanStack Query 5.0.0 $how', async ({ packages }) => {
  await run(copy, 'npm install --no-save --force --no-audit --no-fund --ignore-scripts', ...packages)
  const version = (name: string) =>
    JSON.parse(readFileSync(join(copy, 'node_modules', name, 'package.json'), 'utf8')).version
  expect([version('react'), version('@tanstack/react-query')]).toEqual(['18.3.1', '5.0.0'])
  expect(version('@tanstack/query-core') === '5.0.0').toBe(packages.length > OLDEST.length)

  await run(copy, 'npx vitest run --project dom --reporter json --outputFile report.json')
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8'))
  expect(numFailedTests).toBe(0)
  expect(numPassedTests).toBeGreaterThan(100)
})
