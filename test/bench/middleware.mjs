// Middleware: the time it takes to add the session to a request: ours, a wrapper written by hand, and the peers.
//
//   npm run bench:middleware [-- --write]
import { fileURLToPath } from 'node:url'
import { bundle } from './support/bundle.mjs'
import { heapOf, launch } from './support/chromium.mjs'
import { named } from './support/peers.mjs'
import { amount, roundsOf } from './support/quick.mjs'
import { goal, publish, table } from './support/report.mjs'
import { startSite } from './support/site.mjs'
import { afterWarmUp, inTurns, median, spread } from './support/statistics.mjs'

const ROUNDS = roundsOf(41)
const TIMES = amount({ long: 1000, short: 50, network: 50 }, { long: 50, short: 10, network: 10 })
const SHORT = '{"ok":true}'
/** The heap is measured after this many requests. */
const HEAP_MARKS = amount([10_000, 100_000, 250_000, 500_000, 750_000, 1_000_000], [100, 200])
const HEAP_REQUESTS = HEAP_MARKS.at(-1)

const script = await bundle(fileURLToPath(new URL('pages/middleware.js', import.meta.url)), {
  format: 'iife',
})
const site = await startSite({
  scripts: { middleware: script },
  standIn: () => ({ headers: { 'content-length': String(SHORT.length) }, body: SHORT }),
})
const browser = await launch()
try {
  const page = await browser.newPage()
  await page.goto(`${site.origin}/middleware`)
  const names = await page.evaluate(() => prove())
  const measure = (answer) => (name, round) =>
    page.evaluate(
      ([...args]) => globalThis.measure(...args),
      [name, answer, round ? TIMES[answer] : TIMES[answer] * 4],
    )

  const results = {}
  for (const answer of ['long', 'short']) {
    const times = await inTurns(names, ROUNDS, measure(answer))
    // Each round is compared with the bare stub of the same round.
    const bare = times.get('bare')
    const added = (name) => times.get(name).map((time, round) => time - bare[round])
    results[answer] = new Map(names.map((name) => [name, afterWarmUp(added(name))]))
  }
  const overNetwork = await inTurns(['bare', 'byHand', 'ours'], ROUNDS, measure('network'))
  const networkMs = (name) =>
    spread(
      afterWarmUp(overNetwork.get(name)).map((us) => us / 1000),
      2,
    )
  const factor = (name, answer, base = 'byHand') =>
    median(results[answer].get(name)) / median(results[answer].get(base))
  const titles = {
    byHand: 'five lines by hand, id in a variable',
    byHandFromStorage: 'five lines by hand, id from localStorage',
    ours: '**storefront-session**',
  }
  const rows = names
    .slice(1)
    .map((name) => [
      titles[name] ?? named(name),
      ...['long', 'short'].flatMap((answer) => [
        spread(results[answer].get(name)),
        `${factor(name, answer).toFixed(2)} ×`,
      ]),
    ])

  const heaps = [['0', await heapOf(page)]]
  for (const [index, mark] of HEAP_MARKS.entries()) {
    const requests = mark - (HEAP_MARKS[index - 1] ?? 0)
    await page.evaluate((times) => globalThis.measure('ours', 'long', times), requests)
    heaps.push([mark.toLocaleString('en'), await heapOf(page)])
  }
  const [, , settled] = heaps
  const grown = heaps.at(-1)[1] - settled[1]

  publish('middleware', [
    `Microseconds that a GET takes longer than with the bare stub in the same round: ${afterWarmUp(results.long.get('ours')).length} rounds in turns, ${TIMES.long} requests (${TIMES.short} with short answers) one after the other in each, in headless Chromium ${browser.version()}, production bundles. Held equal: a stub of the network that answers at once, 100 relative URLs with a parameter, the same id in the parameter \`sessionId\` (checked before the measuring), and every call ends with the parsed JSON. "Long" answers have 0.8 kB of JSON. "Short" ones have 11 bytes; ours reads them by \`clone()\`, because they may be an error envelope. Chromium takes over a millisecond to clone a Response that a script made, as the stub does. That is nearly all of our figure. A clone of an answer from the network takes next to no time, as the line below the table shows.`,
    table(['', 'long answer, µs', 'factor', 'short answer, µs', 'factor'], rows),
    `The same short answers from a server on the loopback, milliseconds a request: bare fetch ${networkMs('bare')}, by hand ${networkMs('byHand')}, ours ${networkMs('ours')}.`,
    `Heap after a full collection, over a million requests of ours: ${heaps.map(([at, size]) => `${at}: ${(size / 1e6).toFixed(2)} MB`).join(', ')}.`,
    [
      goal(
        `at most 1.5 times the wrapper by hand, long answers: ${factor('ours', 'long').toFixed(2)}`,
        factor('ours', 'long') <= 1.5,
      ),
      goal(
        `the same, short answers made by a script: ${factor('ours', 'short').toFixed(2)}`,
        factor('ours', 'short') <= 1.5,
      ),
      goal(
        `heap flat from 10,000 to 1,000,000 requests (under 1 byte a request): ${(grown / 1e6).toFixed(3)} MB`,
        grown < HEAP_REQUESTS,
      ),
    ].join('\n'),
  ])
} finally {
  await browser.close()
  await site.close()
}
