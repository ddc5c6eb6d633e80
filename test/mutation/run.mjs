// Mutation testing of the client: changes one thing at a time in src/core and src/wire, and looks whether a test
// notices. `npm run test:mutation -- src/wire/answer.ts` for some files only.
//
// In two rounds, for time: the model and the tests that need no page, and then, for what got past them, all tests of
// the client. Stryker asks for a TypeScript older than ours, so it works on a copy of the checkout in the temporary
// directory.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TOOLS = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1', 'typescript@5.9.3']
const OF_THE_CLIENT = ['src/core/*.ts', 'src/wire/*.ts', '!src/core/{environment,client-interface}.ts']
const NOTICED = ['Killed', 'Timeout']

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

/** One round: each mutant with its outcome. */
function mutate(tests, places) {
  const fileName = `reports/${tests}.json`
  const isQuick = tests === 'quick'
  writeFileSync(
    join(copy, 'stryker.config.json'),
    JSON.stringify({
      testRunner: 'vitest',
      plugins: ['@stryker-mutator/vitest-runner'],
      vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
      mutate: places,
      coverageAnalysis: 'perTest',
      // Constants of a module are in force before the first test: Stryker would have to start anew for each.
      ignoreStatic: true,
      // The tests wait more than they compute.
      concurrency: (isQuick ? 2 : 3) * availableParallelism(),
      timeoutMS: isQuick ? 5_000 : 15_000,
      reporters: ['progress-append-only', 'json'],
      jsonReporter: { fileName },
      tempDirName: '.mutants',
    }),
  )
  // The same schedules for every mutant.
  const env = {
    ...process.env,
    MUTATION_TESTS: tests,
    MODEL_RUNS: isQuick ? '500' : '100',
    MODEL_SEED: '20261124',
  }
  run('npx', ['stryker', 'run'], { env })
  const report = JSON.parse(readFileSync(join(copy, fileName), 'utf8'))
  return Object.entries(report.files).flatMap(([file, { mutants, source }]) =>
    mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ mutatorName, replacement, status, location: { start, end } }) => {
        // Stryker reports columns from 1 and takes them from 0.
        const place = `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`
        const line = source.split('\n')[start.line - 1]
        return {
          file,
          key: `${place} ${mutatorName} ${replacement}`,
          place,
          mutatorName,
          replacement,
          status,
          line,
        }
      }),
  )
}

const chosen = process.argv.slice(2)
const mutants = mutate('quick', chosen.length ? chosen : OF_THE_CLIENT)
const isOpen = ({ status }) => !NOTICED.includes(status)
const places = [...new Set(mutants.filter(isOpen).map(({ place }) => place))]
const again = new Map(places.length ? mutate('all', places).map((mutant) => [mutant.key, mutant.status]) : [])
for (const mutant of mutants.filter(isOpen)) mutant.status = again.get(mutant.key) ?? mutant.status

const open = mutants.filter(isOpen)
for (const { place, mutatorName, status, line, replacement } of open)
  console.log(
    `\n[${status}] ${mutatorName} ${place}\n  ${line.trim()}\n  => ${replacement.replaceAll(/\s+/g, ' ')}`,
  )
const score = (some) => {
  const noticed = some.filter((mutant) => !isOpen(mutant)).length
  return `${((100 * noticed) / some.length).toFixed(1)} % (${noticed} of ${some.length})`
}
console.log()
for (const file of new Set(mutants.map((mutant) => mutant.file)))
  console.log(`${file}: ${score(mutants.filter((mutant) => mutant.file === file))}`)
console.log(`\nnoticed by a test: ${score(mutants)}`)
