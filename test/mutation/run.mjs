// Mutation testing of the client: changes one thing at a time in src/core and src/wire, and looks whether a test
// notices. `npm run test:mutation -- src/wire/answer.ts` for some files only.
//
// Stryker asks for a TypeScript older than ours, so it works on a copy of the checkout in the temporary directory.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TOOLS = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1', 'typescript@5.9.3']
const OF_THE_CLIENT = ['src/core/*.ts', 'src/wire/*.ts', '!src/core/{environment,client-interface}.ts']

const root = fileURLToPath(new URL('../..', import.meta.url))
const copy = join(tmpdir(), 'storefront-session-mutation')
const shell = process.platform === 'win32'
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: copy, stdio: 'inherit', shell, ...options })

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .trim()
  .split('\n')
for (const file of files) {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  cpSync(join(root, file), join(copy, file))
}
run('npm', ['ci', '--no-audit', '--no-fund'])
run('npm', ['install', '--no-save', '--legacy-peer-deps', '--no-audit', '--no-fund', ...TOOLS])

writeFileSync(
  join(copy, 'stryker.config.json'),
  JSON.stringify({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    mutate: process.argv.length > 2 ? process.argv.slice(2) : OF_THE_CLIENT,
    coverageAnalysis: 'perTest',
    // Constants of a module are in force before the first test: Stryker would have to start anew for each.
    ignoreStatic: true,
    // The tests wait more than they compute.
    concurrency: 3 * availableParallelism(),
    timeoutMS: 15_000,
    reporters: ['clear-text', 'progress-append-only', 'json'],
    clearTextReporter: { logTests: false, reportTests: false },
    tempDirName: '.mutants',
  }),
)
// The same few schedules for every mutant.
run('npx', ['stryker', 'run'], { env: { ...process.env, MODEL_RUNS: '60', MODEL_SEED: '20261124' } })
