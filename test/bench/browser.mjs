// Requests and time in a real browser: what a visit costs until a component has the session's id.
//
//   npm run bench:browser [-- --write]
import { launch } from './support/chromium.mjs'
import { publishVisits } from './support/publish-visits.mjs'
import { amount, roundsOf } from './support/quick.mjs'
import { API, startSite } from './support/site.mjs'
import { createStandIns } from './support/stand-ins.mjs'
import { inTurns } from './support/statistics.mjs'
import { bundleVisitors, VISITORS } from './support/visitors.mjs'

const ROUNDS = roundsOf(5)
const LATENCY_MS = 100
const QUIET_MS = amount(400, 200)
const TABS = amount(10, 2)
const CUSTOMER = 'ada'

const { customers, standIn } = createStandIns()
const site = await startSite({ scripts: await bundleVisitors(), latencyMs: LATENCY_MS, standIn })
const browser = await launch()

/** Runs `load`. Returns its requests until the network is quiet, and what the pages noted. */
async function observe(pages, load) {
  const before = site.seen.length
  await load()
  for (const page of pages)
    await page
      .waitForFunction(() => globalThis.notes?.idAt, undefined, { polling: 50 })
      .catch(async (cause) => {
        throw new Error(`No id at ${page.url()} after ${site.seen.slice(before).join(', ')}`, { cause })
      })
  await site.quiet(QUIET_MS)
  const requests = site.seen.slice(before)
  const notes = await Promise.all(pages.map((page) => page.evaluate(() => globalThis.notes)))
  return {
    requests,
    ids: [...new Set(notes.map(({ id }) => id))],
    sinceStart: Math.max(...notes.map(({ begin, idAt }) => idAt - begin)),
    afterRender: Math.max(...notes.map(({ firstRenderAt, idAt }) => idAt - firstRenderAt)),
    renders: Math.max(...notes.flatMap(({ renders }) => renders)),
  }
}

/** Works with a new visitor, whose browser context is closed afterwards. */
async function asVisitor(work) {
  const context = await browser.newContext()
  try {
    return await work(context)
  } finally {
    await context.close()
  }
}

const visitOnce = (address) =>
  asVisitor(async (context) => {
    const page = await context.newPage()
    return observe([page], () => page.goto(`${site.origin}/${address}`))
  })

/** Loads the script in all tabs first. Then all tabs mount at the same moment. */
const visitInTabs = (name, latencyMs) =>
  asVisitor(async (context) => {
    site.latencyMs = latencyMs
    const pages = await Promise.all(Array.from({ length: TABS }, () => context.newPage()))
    for (const page of pages) await page.goto(`${site.origin}/${name}?held`)
    const seen = await observe(pages, () => {
      const at = Date.now() + 300
      return Promise.all(pages.map((page) => page.evaluate((when) => void globalThis.mountAt(when), at)))
    })
    site.latencyMs = LATENCY_MS
    return seen
  })

const visitThrice = (name) =>
  asVisitor(async (context) => {
    const page = await context.newPage()
    const first = await observe([page], () => page.goto(`${site.origin}/${name}`))
    const reload = await observe([page], () => page.reload())
    await page.addInitScript(() => {
      const now = Date.now
      Date.now = () => now() + 600_000
    })
    const stale = await observe([page], () => page.reload())
    return { first, reload, stale }
  })

/** Throws if the server does not know the customer: the count would lack a request. */
async function proveAssociated(name, { ids: [id] }) {
  const ours = await fetch(`${site.origin}${API}/sessions/${id}`).then((response) => response.json())
  if ((customers.get(id) ?? ours.response?.customerId) !== CUSTOMER)
    throw new Error(`${name} associated nothing with ${id}`)
}

try {
  // A quick run bundles all, and visits ours and a hook by hand.
  const names = Object.keys(VISITORS).slice(0, amount(undefined, 3))
  const results = await inTurns(names, ROUNDS, async (name) => {
    const results = {
      ...(await visitThrice(name)),
      strict: await visitOnce(`${name}-strict`),
      hundred: await visitOnce(`${name}?readers=100`),
      associate: await visitOnce(`${name}?customer=${CUSTOMER}`),
      tabs: await visitInTabs(name, 100),
      slowTabs: await visitInTabs(name, 150),
    }
    await proveAssociated(name, results.associate)
    return results
  })
  publishVisits(results, { rounds: ROUNDS, version: browser.version() })
} finally {
  await browser.close()
  await site.close()
}
