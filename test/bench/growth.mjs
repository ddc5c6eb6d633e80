// Growth: requests, messages, time and memory with more tabs, components, associations and events.
//
//   npm run bench:growth [-- --write]
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundle } from './support/bundle.mjs'
import { heapOf, launch } from './support/chromium.mjs'
import { drawCurves } from './support/draw-curves.mjs'
import { publishGrowth } from './support/publish-growth.mjs'
import { isQuick, roundsOf } from './support/quick.mjs'
import { startSite } from './support/site.mjs'
import { median } from './support/statistics.mjs'
import { bundleVisitors } from './support/visitors.mjs'

const ROUNDS = roundsOf(3)
const LATENCY_MS = 100
const CUSTOMER = 'ada'
const STEPS = {
  tabs: [1, 2, 5, 10, 20, 50],
  components: [1, 10, 100, 1_000, 10_000],
  associations: [1, 10, 100, 1_000, 10_000],
  events: [1_000, 10_000, 100_000, 1_000_000],
}

const site = await startSite({
  scripts: {
    ...(await bundleVisitors(['ours'])),
    growth: await bundle(fileURLToPath(new URL('pages/growth.jsx', import.meta.url)), { format: 'iife' }),
  },
  latencyMs: LATENCY_MS,
})
const browser = await launch()

/** Counts the messages that a page sends to other pages, and those that it receives. */
function countMessages() {
  globalThis.posted = 0
  globalThis.heard = 0
  const hear = () => {
    globalThis.heard++
  }
  window.addEventListener('storage', hear)
  const { postMessage } = BroadcastChannel.prototype
  BroadcastChannel.prototype.postMessage = function (message) {
    globalThis.posted++
    return postMessage.call(this, message)
  }
  const Channel = BroadcastChannel
  globalThis.BroadcastChannel = class extends Channel {
    constructor(name) {
      super(name)
      this.addEventListener('message', hear)
    }
  }
}

async function inContext(work) {
  const context = await browser.newContext()
  await context.addInitScript(countMessages)
  try {
    return await work(context)
  } finally {
    await context.close()
  }
}

/** All tabs mount at the same moment. Then one tab associates a customer, and all tabs show it. */
const openTabs = (count) =>
  inContext(async (context) => {
    const pages = []
    for (let index = 0; index < count; index++) {
      const page = await context.newPage()
      await page.goto(`${site.origin}/ours?held&handle`)
      pages.push(page)
    }
    const [first] = pages
    const all = (work, argument) => Promise.all(pages.map((page) => page.evaluate(work, argument)))
    const idle = await heapOf(first)
    const before = site.seen.length
    await all((at) => void globalThis.mountAt(at), Date.now() + 300 + 10 * count)
    for (const page of pages)
      await page.waitForFunction(() => globalThis.notes.idAt, undefined, { polling: 20 })
    const times = await all(() => globalThis.notes.idAt - globalThis.notes.begin)
    await site.quiet(300)
    await first.evaluate((customerId) => globalThis.notes.associate({ customerId }), CUSTOMER)
    for (const page of pages)
      await page.waitForFunction((customer) => globalThis.notes.customer() === customer, CUSTOMER, {
        polling: 20,
      })
    await site.quiet(300)
    const heard = await all(() => globalThis.heard)
    const ids = new Set(await all(() => globalThis.notes.id))
    if (ids.size > 1) throw new Error(`${ids.size} ids in ${count} tabs`)
    return {
      requests: site.seen.length - before,
      messages: heard.reduce((sum, one) => sum + one, 0),
      ms: Math.max(...times),
      bytes: ((await heapOf(first)) - idle) * count,
    }
  })

/** Runs a step in a fresh page, so that the heap shows what this step keeps. */
const inPage = (what, count) =>
  inContext(async (context) => {
    const page = await context.newPage()
    page.setDefaultTimeout(0)
    await page.goto(`${site.origin}/growth`)
    // A first use compiles and keeps code. That is not growth.
    await page.evaluate(([name]) => globalThis[name](1), [what])
    const idle = await heapOf(page)
    const seen = await page.evaluate(([name, times]) => globalThis[name](times), [what, count])
    return { ...seen, bytes: (await heapOf(page)) - idle }
  })

try {
  const curves = {}
  for (const [what, steps] of Object.entries(STEPS)) {
    curves[what] = []
    for (const count of isQuick ? steps.slice(0, 2) : steps) {
      const runs = []
      for (let round = 0; round < ROUNDS; round++)
        runs.push(await (what === 'tabs' ? openTabs(count) : inPage(what, count)))
      const middle = (field) => median(runs.map((run) => run[field] ?? 0))
      curves[what].push({
        count,
        requests: middle('requests'),
        messages: middle('messages'),
        ms: middle('ms'),
        bytes: middle('bytes'),
        times: runs.map(({ ms }) => ms),
      })
      console.error(`${count} ${what}: ${middle('ms').toFixed(1)} ms`)
    }
  }
  if (process.argv.includes('--write'))
    writeFileSync(new URL('growth.svg', import.meta.url), drawCurves(curves))
  publishGrowth(curves, { rounds: ROUNDS, version: browser.version() })
} finally {
  await browser.close()
  await site.close()
}
