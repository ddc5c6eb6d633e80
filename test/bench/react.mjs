// React: a thousand readers of the session, compared with a thousand readers of a store of the same shape.
//
//   npm run bench:react [-- --write]
import { fileURLToPath } from 'node:url'
import { bundle } from './support/bundle.mjs'
import { launch } from './support/chromium.mjs'
import { named } from './support/peers.mjs'
import { roundsOf } from './support/quick.mjs'
import { goal, publish, table } from './support/report.mjs'
import { startSite } from './support/site.mjs'
import { afterWarmUp, inTurns, median, spread } from './support/statistics.mjs'

const ROUNDS = roundsOf(31)
const page = fileURLToPath(new URL('pages/readers.jsx', import.meta.url))
const TITLES = {
  ours: '**storefront-session**',
  hooks: "**storefront-session**'s hooks over zustand's state",
  zustand: named('zustand'),
  redux: `${named('react-redux')}, ${named('redux')}`,
}
const SUBJECTS = [true, false].flatMap((isSelecting) =>
  Object.keys(TITLES).map((name) => ({ name, isSelecting })),
)

const site = await startSite({
  scripts: {
    readers: await bundle(page, { format: 'iife' }),
    counting: await bundle(page, { format: 'iife', alias: { 'react-dom/client': 'react-dom/profiling' } }),
  },
})
const browser = await launch()
try {
  const open = async (name) => {
    const tab = await browser.newPage()
    await tab.goto(`${site.origin}/${name}`)
    return tab
  }
  const counting = await open('counting')
  const counts = new Map()
  for (const { name, isSelecting } of SUBJECTS)
    counts.set(
      `${name} ${isSelecting}`,
      await counting.evaluate((args) => globalThis.count(...args), [name, isSelecting]),
    )

  const timing = await open('readers')
  const results = await inTurns(SUBJECTS, ROUNDS, ({ name, isSelecting }, round) =>
    timing.evaluate((args) => globalThis.measure(...args), [name, isSelecting, round]),
  )
  const times = (subject, field) => afterWarmUp(results.get(subject)).map((round) => round[field])
  const yardstick = ({ isSelecting }) =>
    SUBJECTS.find((other) => other.name === 'zustand' && other.isSelecting === isSelecting)
  const factor = (subject, field) => median(times(subject, field)) / median(times(yardstick(subject), field))

  const rows = SUBJECTS.map((subject) => {
    const { update, background } = counts.get(`${subject.name} ${subject.isSelecting}`)
    return [
      TITLES[subject.name],
      subject.isSelecting ? 'selector' : 'none',
      spread(times(subject, 'mountMs'), 2),
      `${factor(subject, 'mountMs').toFixed(2)} ×`,
      spread(times(subject, 'updateMs'), 2),
      `${factor(subject, 'updateMs').toFixed(2)} ×`,
      spread(times(subject, 'ownMs'), 2),
      `${update.renders} in ${update.commits}`,
      `${background.renders} in ${background.commits}`,
      spread(times(subject, 'backgroundMs'), 2),
    ]
  })
  const ours = SUBJECTS.filter(({ name }) => name === 'ours')
  const worst = (field) => Math.max(...ours.map((subject) => factor(subject, field)))
  const redrawn = ours.map(({ name, isSelecting }) => counts.get(`${name} ${isSelecting}`).background.renders)
  publish('react', [
    `Milliseconds for 1,000 components that each show the session's \`visitId\`, ${afterWarmUp(results.get(SUBJECTS[0])).length} rounds in turns in headless Chromium ${browser.version()}, production React ${named('react').split(' ')[1]} (renders and commits: its profiling build). Held equal: the same tree and state. The value changes in one synchronous step, which ends when every component shows it (checked), ten updates a round. "Update" and "background" are what a thousand readers add to the work of the store, which is "by itself". Ours is a whole client: its update is \`associate()\`, which reads and writes storage, and its background change is a whole revalidation by a stub of the network. The stores only set \`isValidating\` to true and back. "Hooks over zustand's state" are our provider and hooks without the client. "None": the hook without a selector.`,
    table(
      [
        '',
        'selector',
        'mount, ms',
        'zustand = 1',
        'update, ms',
        'zustand = 1',
        'by itself, ms',
        'renders of an update',
        'of a background change',
        'background, ms',
      ],
      rows,
    ),
    [
      goal(`mount within 1.2 of zustand: ${worst('mountMs').toFixed(2)}`, worst('mountMs') <= 1.2),
      ...ours.map((subject) => {
        const [what, most] = subject.isSelecting ? ['with a selector', 1.3] : ['without', 1.6]
        const times = factor(subject, 'updateMs')
        return goal(`update ${what} within ${most} of zustand: ${times.toFixed(2)}`, times <= most)
      }),
      goal(
        `a background revalidation re-renders none: ${redrawn.join(' and ')}`,
        redrawn.every((renders) => !renders),
      ),
    ].join('\n'),
  ])
} finally {
  await browser.close()
  await site.close()
}
