// Erasure by customer with a million sessions in SQLite, and what the files still hold when all of them have expired.
//
//   npm run bench:erasure [-- --sessions=1000000 --write]
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSessionAdmin, sqliteStore } from 'storefront-session/server'
import { amount } from '../support/quick.mjs'
import { goal, publish, table } from '../support/report.mjs'
import { median } from '../support/statistics.mjs'
import { benchmark, fill, folder, page, setting } from './bench.mjs'

const sessions = setting('sessions', 1_000_000, 4_000)
const TTL_MS = 2_592_000_000
const ERASURES = 20
/** By then the log beside the file holds nothing erased: src/server/stores/sqlite-log.ts. */
const LOG_MS = amount(60_000, 0)
/** Sessions of a customer. */
const EACH = 10
/** No customer id begins in any other way, so that one look finds any of them. */
const MARK = 'customer-of-the-shop-'
/** Every fourth session has a customer, and each customer has `EACH`. */
const customerOf = (number) => `${MARK}${String(Math.floor(number / (4 * EACH))).padStart(8, '0')}`
const idsOf = (number) => ({
  visitId: `5f0c2f0e-8f5b-4f6d-9b1e-${String(number).padStart(12, '0')}`,
  ...(number % 4 === 0 && { customerId: customerOf(number) }),
})

/** How often the files hold a customer id. */
async function countIn(name) {
  let found = 0
  let rest = ''
  for await (const chunk of createReadStream(join(folder, name), { encoding: 'latin1' })) {
    const text = rest + chunk
    found += text.split(MARK).length - 1
    rest = text.slice(1 - MARK.length)
  }
  return found
}
const files = () => readdirSync(folder).filter((name) => name.startsWith('sessions.db'))
async function remains() {
  let bytes = 0
  let found = 0
  for (const name of files()) {
    bytes += statSync(join(folder, name)).size
    found += await countIn(name)
  }
  return { bytes, found }
}

await benchmark(async () => {
  let now = Date.now()
  const store = sqliteStore({ path: join(folder, 'sessions.db'), sweepMs: 100, now: () => now })
  await fill(store, sessions, idsOf, TTL_MS)
  const full = await remains()

  const admin = createSessionAdmin({ store })
  const costs = []
  let removed = 0
  for (let turn = 0; turn < ERASURES; turn++) {
    // From all over the store.
    const customer = customerOf(Math.floor((sessions / ERASURES) * turn))
    const before = process.cpuUsage()
    removed += await admin.removeCustomer(customer)
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / 1000)
  }
  const most = Math.max(...costs)

  // A month later.
  now += TTL_MS + 1
  const start = performance.now()
  while ((await store.sweepBacklog()) > 0) await new Promise((resolve) => setTimeout(resolve, 100))
  const seconds = (performance.now() - start) / 1000
  await new Promise((resolve) => setTimeout(resolve, LOG_MS))
  const open = await remains()
  await store.close()
  const closed = await remains()

  publish(
    'erasure',
    [
      `${sessions.toLocaleString('en')} sessions in one SQLite file, every fourth with a customer, ${EACH} sessions a customer. CPU of the whole process for \`removeCustomer\`, ${ERASURES} customers. Then the clock is set a month ahead, and the sweep removes all sessions.`,
      table(
        ['what', 'figure'],
        [
          [`erase one customer (${EACH} sessions), CPU ms, median`, median(costs).toFixed(2)],
          ['the same, most', most.toFixed(2)],
          ['seconds until the sweep has removed all', seconds.toFixed(1)],
          ['customer ids in the files: full', full.found.toLocaleString('en')],
          ['all expired and a minute gone, while open', open.found.toLocaleString('en')],
          ['all expired, closed', closed.found.toLocaleString('en')],
          ['MB of the files: full', (full.bytes / 1e6).toFixed(0)],
          ['MB in the end', (closed.bytes / 1e6).toFixed(0)],
        ],
      ),
      [
        goal(`one customer erased in less than 100 ms of CPU: ${most.toFixed(2)} ms`, most < 100),
        goal(
          `no customer id in the files once all has expired: ${open.found} while open, ${closed.found} closed`,
          open.found + closed.found === 0,
        ),
      ].join('\n'),
    ],
    page,
  )
  if (removed !== ERASURES * EACH) throw new Error(`${removed} sessions were erased`)
})
