// Start-up: the main-thread time of importing and starting a client on a slow processor, and the long tasks it causes.
//
//   npm run bench:start [-- --write]
import { fileURLToPath } from 'node:url'
import { bundle } from './support/bundle.mjs'
import { launch } from './support/chromium.mjs'
import { amount, roundsOf } from './support/quick.mjs'
import { goal, publish, table } from './support/report.mjs'
import { startSite } from './support/site.mjs'
import { createStandIns } from './support/stand-ins.mjs'
import { APP, OF_THE_APP, STARTERS } from './support/starters.mjs'
import { afterWarmUp, inTurns, median, spread } from './support/statistics.mjs'

const ROUNDS = roundsOf(16)
const SLOW_DOWN = 4
const GOAL_MS = 5
const QUIET_MS = 150
const MAX_TRIES = 50
const VISITS = { cold: 'first visit, cold browser', warm: 'first visit', restore: 'stored session' }

const scripts = {}
for (const [name, [, source, isInApp]] of Object.entries(STARTERS))
  scripts[name] = await bundle(source, { format: 'iife', ...(isInApp && { alias: OF_THE_APP }) })
const app = await bundle(APP, { format: 'iife' })
const site = await startSite({
  scripts: {
    start: await bundle(fileURLToPath(new URL('pages/start.js', import.meta.url)), { format: 'iife' }),
  },
  latencyMs: 20,
  standIn: createStandIns().standIn,
})
const browser = await launch()

/** A first visit in a new process, a first visit with warm browser code, and a reload with a stored session. */
async function start(name) {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    // The time of the thread itself: a busy machine does not add to it.
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
    const taskTime = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics')
      return metrics.find((metric) => metric.name === 'TaskDuration').value * 1000
    }
    const visit = async (isWarm, rate = SLOW_DOWN) => {
      await page.goto(`${site.origin}/start`)
      if (isWarm) await page.evaluate(() => globalThis.warmUp())
      if (STARTERS[name][2]) await page.evaluate((script) => globalThis.run(script), app)
      await site.quiet(QUIET_MS)
      await devtools.send('Emulation.setCPUThrottlingRate', { rate })
      await page.evaluate(() => globalThis.takeLongTasks())
      const before = await taskTime()
      await page.evaluate((script) => globalThis.run(script), scripts[name])
      const started = await taskTime()
      await site.quiet(QUIET_MS)
      let settled = await taskTime()
      // On a busy machine a client may take longer than the quiet time to begin its request.
      for (let tries = 1; !(await page.evaluate(() => !!globalThis.isStarted())); tries++) {
        if (tries === MAX_TRIES) throw new Error(`${name} has no session`)
        await site.quiet(QUIET_MS)
        settled = await taskTime()
      }
      const longTasks = await page.evaluate(() => globalThis.takeLongTasks())
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
      return { start: started - before, all: settled - before, longTasks }
    }
    const forget = async () => {
      await context.clearCookies()
      await page.evaluate(async () => {
        localStorage.clear()
        for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
      })
    }
    const cold = await visit(false)
    await forget()
    const warm = await visit(true)
    const restore = await visit(true)
    await forget()
    return { cold, warm, restore, full: await visit(true, 1) }
  } finally {
    await context.close()
  }
}

try {
  // A quick run bundles all, and starts ours and a query.
  const names = Object.keys(STARTERS).slice(0, amount(undefined, 4))
  const results = await inTurns(names, ROUNDS, start)
  const times = (name, visit, field) => afterWarmUp(results.get(name)).map((round) => round[visit][field])
  const visits = Object.keys(VISITS)
  const longTasks = (name) =>
    afterWarmUp(results.get(name)).flatMap((round) => visits.flatMap((visit) => round[visit].longTasks))
  const rows = names.map((name) => [
    STARTERS[name][0],
    ...visits.flatMap((visit) => [spread(times(name, visit, 'start')), spread(times(name, visit, 'all'))]),
    spread(times(name, 'full', 'start'), 2),
    `${longTasks(name).length} in ${visits.length * afterWarmUp(results.get(name)).length}`,
  ])
  const starts = (name) => ['warm', 'restore'].map((visit) => median(times(name, visit, 'start')))
  const [nothing, ours, beside] = ['nothing', 'ours', 'beside'].map(starts)
  const judge = (what, ms) =>
    goal(
      `${what} under ${GOAL_MS} ms: ${ms.map((each, index) => `${each.toFixed(1)} (${(each - nothing[index]).toFixed(1)} without the measuring)`).join(' and ')}`,
      ms.every((each) => each < GOAL_MS),
    )
  publish('start', [
    `Milliseconds of the main thread in headless Chromium ${browser.version()}, slowed down ${SLOW_DOWN} times: the time of the thread itself in its tasks, medians of ${afterWarmUp(results.get('ours')).length} rounds in turns, each in a new browser context. Held equal: a minified script for ES2022, loaded before the clock starts, no React, the same server 20 ms away. The first row is the cost of the measuring. "In an app that runs TanStack Query": the page has loaded TanStack Query and run a query before, and the client uses it. "Start": compiling and running the script until the client is started. "In all": until the client has its session and the network is quiet. "Cold browser": the page has used no storage, channel, lock or fetch yet. Their first use takes milliseconds in a new process, and counts as the client's. In the other visits the page has used them, as a storefront has. Chromium slows a thread down by the clock, so a busy machine adds to it. The last column but one is a first visit at full speed.`,
    table(
      [
        '',
        ...visits.flatMap((visit) => [`${VISITS[visit]}: start`, 'in all']),
        'first visit at full speed: start',
        'tasks over 50 ms',
      ],
      rows,
    ),
    [
      judge('importing and starting, TanStack Query with it,', ours),
      judge('importing and starting in an app that runs TanStack Query', beside),
      goal(`no long task: ${longTasks('ours').length}`, !longTasks('ours').length),
    ].join('\n'),
  ])
} finally {
  await browser.close()
  await site.close()
}
