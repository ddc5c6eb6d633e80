// The tables and the judgement of `bench:growth`.
import { goal, publish, table } from './report.mjs'
import { spread } from './statistics.mjs'

const WHAT = {
  tabs: 'Tabs that all begin at one moment, and one association that all of them show',
  components: 'Components that read the session, mounted and updated once',
  associations: 'Associations in one tick, each with another value',
  events:
    'Events of the page (storage of this and other keys, visibility, online, focus, return from the back-forward cache)',
}
/** Over the last step; noise stays below it. */
const LINEAR = 1.2
/** What is as small as that is noise. */
const NOISE = { requests: 5, messages: 5, ms: 20, bytes: 200_000 }

/** The exponent of the growth over the last step: 1 is linear. */
function exponent(steps, field) {
  const [before, last] = steps.slice(-2)
  if (last[field] <= NOISE[field]) return 0
  return (
    Math.log(last[field] / Math.max(before[field], NOISE[field] / 10)) / Math.log(last.count / before.count)
  )
}

export function publishGrowth(curves, { rounds, version }) {
  const judged = Object.entries(curves).map(([what, steps]) => {
    const steep = Object.keys(NOISE)
      .map((field) => [field, exponent(steps, field)])
      .filter(([, power]) => power > LINEAR)
    const found = steep.map(([field, power]) => `${field} with the power of ${power.toFixed(2)}`).join(', ')
    return goal(`${what}: nothing grows faster than linearly${found && `, but ${found}`}`, !steep.length)
  })
  publish('growth', [
    '![Requests, messages, milliseconds and kilobytes against tabs, components, associations and events](growth.svg)',
    `Both axes are logarithmic; the dashed line is linear growth. Medians of ${rounds} runs in headless Chromium ${version}, production bundles, a fresh browser context for each run. Tabs: an API with 100 ms latency, the time is the slowest tab's from mounting to an id, messages are those heard from other tabs (channel and storage events), memory is that of one tab times their number. The rest: one page and a stub of the network that answers at once; messages are those sent. Memory: the heap after a full collection, less what it was before.`,
    ...Object.entries(curves).flatMap(([what, steps]) => [
      `${WHAT[what]}:`,
      table(
        [what, 'requests', 'messages', 'ms', 'kB'],
        steps.map(({ count, requests, messages, times, bytes }) => [
          count.toLocaleString('en'),
          requests,
          messages,
          spread(times),
          (bytes / 1000).toFixed(0),
        ]),
      ),
    ]),
    judged.join('\n'),
  ])
}
