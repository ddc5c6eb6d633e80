// Mutation testing of the client: changes one thing at a time in src/core, src/wire and src/react, and looks whether a
// test notices. `npm run test:mutation -- src/wire/answer.ts` for some files only; MUTATION_SAMPLE=6 changes one line in six,
// always the same ones.
//
// In three rounds, for time: the tests that need no page, the model with few schedules among them; for what got past
// them, the tests in a page; and for what is left, the model with many schedules. Stryker asks for a TypeScript older
// than ours, so it works on a copy of the checkout in the temporary directory.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TOOLS = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1', 'typescript@5.9.3']
/** The client, without files that hold types alone. */
const OF_THE_CLIENT = /^src\/(core|wire|react)\/(?!environment|session-client-type)[^/]+\.tsx?$/
const NOTICED = ['Killed', 'Timeout']
// The tests wait more than they compute, but for the model.
const ROUNDS = {
  quick: { schedules: 500, timeoutMS: 5_000, concurrency: 2 * availableParallelism() },
  page: { schedules: 0, timeoutMS: 15_000, concurrency: 3 * availableParallelism() },
  model: { schedules: 5_000, timeoutMS: 30_000, concurrency: availableParallelism() },
}

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
function mutate(round, places) {
  const { schedules, timeoutMS, concurrency } = ROUNDS[round]
  const fileName = `reports/${round}.json`
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
      concurrency,
      timeoutMS,
      reporters: ['progress-append-only', 'json'],
      jsonReporter: { fileName },
      tempDirName: '.mutants',
    }),
  )
  // The same schedules for every mutant.
  const env = { ...process.env, MUTATION_TESTS: round, MODEL_RUNS: `${schedules}`, MODEL_SEED: '20261124' }
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

const client = files.filter((file) => OF_THE_CLIENT.test(file))

/** `file:line-line` for one line in so many of the client. */
const sampleOf = (share) =>
  client
    .flatMap((file) => {
      const { length } = readFileSync(join(root, file), 'utf8').split('\n')
      return Array.from({ length }, (_, index) => `${file}:${index + 1}-${index + 1}`)
    })
    .filter((place) => createHash('md5').update(place).digest().readUInt32BE() % share === 0)

const named = process.argv.slice(2)
const sample = Number(process.env.MUTATION_SAMPLE ?? 1)
const chosen = named.length ? named : sample > 1 ? sampleOf(sample) : client
const isOpen = ({ status }) => !NOTICED.includes(status)
const mutants = mutate('quick', chosen)
for (const round of ['page', 'model']) {
  const places = new Set(mutants.filter(isOpen).map(({ place }) => place))
  if (!places.size) break
  const again = new Map(mutate(round, [...places]).map(({ key, status }) => [key, status]))
  for (const mutant of mutants.filter(isOpen)) {
    const status = again.get(mutant.key)
    // Another round may not reach it at all.
    if (status && status !== 'NoCoverage') mutant.status = status
  }
}

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
