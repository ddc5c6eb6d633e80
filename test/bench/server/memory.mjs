// Memory of the server process over a million requests, each of which makes a session.
//
//   npm run bench:server [-- --requests=1000000 --write]
import { join } from 'node:path'
import { goal, publish, table } from '../support/report.mjs'
import { benchmark, folder, load, page, setting, startSubject } from './bench.mjs'

const total = setting('requests', 1_000_000, 1_000)
/** After this many requests the memory store is full and the code is compiled. Nothing may grow after that. */
const WARM = total / 4

await benchmark(async () => {
  const rows = []
  const goals = []
  for (const [name, kind] of [
    ['memory (100,000 sessions at most)', 'memory'],
    ['sqlite', `sqlite:${join(folder, 'sessions.db')}`],
  ]) {
    const subject = await startSubject(kind)
    const marks = [{ requests: 0, ...(await subject.use('memory')) }]
    for (let requests = 0; requests < total; ) {
      requests += (await load(subject, { seconds: 1 })).requests
      marks.push({ requests, ...(await subject.use('memory')) })
    }
    const warm = marks.find(({ requests }) => requests >= WARM)
    const last = marks.at(-1)
    for (const { requests, heap, rss } of [marks[0], warm, marks[Math.ceil(marks.length / 2)], last])
      rows.push([name, requests.toLocaleString('en'), (heap / 1e6).toFixed(1), (rss / 1e6).toFixed(0)])
    // The heap of the memory store rises and falls with its younger generation, so the peaks are compared.
    const from = marks.indexOf(warm)
    const middle = Math.ceil((from + marks.length) / 2)
    const peak = (some) => Math.max(...some.map(({ heap }) => heap)) / 1e6
    const [before, after] = [peak(marks.slice(from, middle)), peak(marks.slice(middle))]
    const peaks = `${before.toFixed(1)} MB, then ${after.toFixed(1)} MB`
    goals.push(
      goal(`${name}: heap flat (peaks of the two halves within 5 %): ${peaks}`, after < before * 1.05),
    )
  }
  publish(
    'memory',
    [
      'Every request makes a session with a customer id and a visit id. The heap is measured after a full collection. The resident set is the memory that the process has from the system; Node gives it back late.',
      table(['store', 'requests so far', 'heap MB', 'resident MB'], rows),
      goals.join('\n'),
    ],
    page,
  )
})
