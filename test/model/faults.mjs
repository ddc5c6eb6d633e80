// Thirteen deliberate faults of the client, put in one at a time: which test notices each, and after how many schedules
// of the models? `npm run test:faults`; `npm run test:faults -- no-lock events-in-the-middle` for some of them;
// `MODEL_RUNS=50000` for more schedules. A fault that nothing notices ends the run with 1.
//
// It works on a copy of the checkout in the temporary directory, so that an interrupted run leaves no fault behind.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FAULTS } from './fault-list.mjs'

// The same schedules for every fault.
const { MODEL_RUNS = '10000', MODEL_SEED = '20261126' } = process.env
const root = fileURLToPath(new URL('../..', import.meta.url))
const copy = join(tmpdir(), `storefront-session-faults-${process.pid}`)
const ours = ['test/core', 'test/wire', 'test/promises', 'test/faults', 'test/react']

/** What `npm test` would run, without the models. */
const TESTS = ['--project', 'unit', '--project', 'dom', ...ours]
const MODELS = {
  tabs: ['--project', 'unit', 'test/model/tabs-model'],
  'sign-in': ['--project', 'dom', 'test/model/sign-in-model'],
}

function copyCheckout() {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of files.toString().trim().split('\n')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
}

/** Each text must be there once: a fault that is no longer one says so. */
function put({ name, changes }) {
  for (const { file, find, replace } of changes) {
    const path = join(copy, file)
    const before = readFileSync(path, 'utf8')
    const found = before.split(find).length - 1
    if (found !== 1) throw new Error(`${name}: ${file} has this text ${found} times:\n${find}`)
    writeFileSync(
      path,
      before.replace(find, () => replace),
    )
  }
}

function takeBack({ changes }) {
  for (const { file } of changes) cpSync(join(root, file), join(copy, file))
}

function vitest(args, env = {}) {
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const { stdout, stderr } = spawnSync(
    'npx',
    ['vitest', 'run', '--reporter=json', `--outputFile=${report}`, ...args],
    {
      cwd: copy,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      shell: process.platform === 'win32',
    },
  )
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    throw new Error(`vitest gave no report:\n${stdout.slice(-2_000)}\n${stderr.slice(-2_000)}`)
  }
}

const failedIn = ({ testResults }) =>
  testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    const file = name.slice(name.indexOf('test/'))
    // A file that can't be loaded has no tests.
    if (!assertionResults.length && message) return [{ file, title: message, text: message }]
    return failed.map(({ fullName, failureMessages }) => ({
      file,
      title: fullName.trim(),
      text: failureMessages.join('\n'),
    }))
  })

/** The tests that fail without any fault: they notice nothing. */
let usual = new Set()

/** After how many schedules a model fails; undefined where it does not. */
function failsAfter(args) {
  const [found] = failedIn(vitest(args, { MODEL_RUNS, MODEL_SEED }))
  return found && (/failed after (\d+) tests/.exec(found.text)?.[1] ?? 'some')
}

function lookAt(fault) {
  const failed = failedIn(vitest(TESTS)).filter(({ title }) => !usual.has(title))
  const [first] = failed
  console.log(`\n${fault.name}: ${fault.what}`)
  console.log(`  tests: ${first ? `${failed.length}, the first: ${first.file}: ${first.title}` : 'none'}`)
  let isNoticed = !!first
  for (const [model, args] of Object.entries(MODELS)) {
    const after = failsAfter(args)
    isNoticed ||= after !== undefined
    console.log(`  ${model} model: ${after ? `after ${after} schedules` : `not in ${MODEL_RUNS} schedules`}`)
  }
  return isNoticed
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !FAULTS.some((fault) => fault.name === name))
if (unknown.length)
  throw new Error(`No such fault: ${unknown.join()}. There are: ${FAULTS.map(({ name }) => name).join()}`)
const faults = chosen.length ? FAULTS.filter(({ name }) => chosen.includes(name)) : FAULTS

try {
  copyCheckout()
  usual = new Set(failedIn(vitest(TESTS)).map(({ title }) => title))
  if (usual.size)
    console.log(`Without any fault these fail, and are not counted:\n  ${[...usual].join('\n  ')}`)
  for (const [model, args] of Object.entries(MODELS)) {
    const after = failsAfter(args)
    if (after) throw new Error(`The ${model} model fails without any fault, after ${after} schedules`)
  }
  const missed = []
  for (const fault of faults) {
    put(fault)
    if (!lookAt(fault)) missed.push(fault.name)
    takeBack(fault)
  }
  console.log(
    missed.length
      ? `\nNoticed by nothing: ${missed.join()}`
      : `\nEach of ${faults.length} faults was noticed.`,
  )
  process.exitCode = missed.length ? 1 : 0
} finally {
  rmSync(copy, { recursive: true, force: true })
}
