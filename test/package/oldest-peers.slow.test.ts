import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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
  await copyModules()
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** The installed packages as hard links, which takes a second; where that is impossible they are installed. */
async function copyModules() {
  const modules = join(copy, 'node_modules')
  try {
    await run(copy, 'cp -al', join(repository, 'node_modules'), modules)
    // Tools write to these in place, and a link is the repository's own file; npm makes new files for all others.
    for (const name of ['.package-lock.json', '.vite', '.cache'])
      rmSync(join(modules, name), { recursive: true, force: true })
  } catch {
    rmSync(modules, { recursive: true, force: true })
    await run(copy, 'npm ci --no-audit --no-fund --ignore-scripts')
  }
}

/** What this test reads of Vitest's JSON report. */
interface Report {
  numPassedTests: number
  testResults: {
    name: string
    message: string
    status: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

/** React 18 lacks the runtime of React Compiler: an app on it compiles against the package react-compiler-runtime. */
const LEFT_OUT = ['test/model/**', 'test/package/**', 'test/react/compiled.test.tsx']
const OLDEST = ['react@18.3.1', 'react-dom@18.3.1', '@tanstack/react-query@5.0.0']

/** Runs tests of the copy on these packages. Returns how many passed. */
async function passedOn(packages: string[], ...filters: string[]): Promise<number> {
  await run(copy, 'npm install --no-save --force --no-audit --no-fund --ignore-scripts', ...packages)
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const failure = await run(
    copy,
    'npx vitest run --project dom --project unit',
    ...LEFT_OUT.flatMap((path) => ['--exclude', path]),
    '--reporter',
    'json',
    '--outputFile',
    report,
    ...filters,
  ).catch((error) => error)
  if (!existsSync(report)) throw failure
  const { testResults, numPassedTests }: Report = JSON.parse(readFileSync(report, 'utf8'))
  const failures = testResults.flatMap(({ name, message, status, assertionResults }) => [
    ...(status === 'failed' && !assertionResults.length ? [`${name}: ${message}`] : []),
    ...assertionResults
      .filter((one) => one.status === 'failed')
      .map((one) => `${one.fullName}\n${one.failureMessages.join('\n').slice(0, 1000)}`),
  ])
  expect(failures).toEqual([])
  return numPassedTests
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(copy, 'node_modules', name, 'package.json'), 'utf8')).version

/** Tests of what the client asks of TanStack Query. */
const QUERY_TESTS = [
  'test/react/query',
  'test/react/tree-query',
  'test/core/app-query',
  'test/core/session-cache',
]

test('the component tests pass on React 18 with TanStack Query 5.0.0 beside a newer query-core of ours', async () => {
  const passed = await passedOn(OLDEST, '.test.tsx', '09-server-rendering', ...QUERY_TESTS)
  expect(versionOf('react')).toBe('18.3.1')
  expect(versionOf('@tanstack/react-query')).toBe('5.0.0')
  expect(versionOf('@tanstack/query-core')).not.toBe('5.0.0')
  expect(passed).toBeGreaterThan(100)
})

test('the tests of the query pass on TanStack Query 5.0.0 with one copy of its query-core', async () => {
  // Query 5.0.0 itself never settles a query whose QueryCache.onError throws; later versions do.
  const others = '^(?!ready\\(\\) gives up after retry, also where the app)'
  const passed = await passedOn([...OLDEST, '@tanstack/query-core@5.0.0'], '-t', others, ...QUERY_TESTS)
  expect(versionOf('@tanstack/query-core')).toBe('5.0.0')
  expect(passed).toBeGreaterThan(20)
})
