import { measure, type PromiseCard } from './card.ts'
import { storedAt } from './world.ts'

const TABS = 4

export const onePerBrowser: PromiseCard = {
  number: 1,
  title: 'One session a browser',
  expected:
    'Four tabs with two providers each start in the same moment. Expect one PUT, and one id everywhere.',
  async run(world) {
    const tabs = await Promise.all(Array.from({ length: TABS }, () => world.tab()))
    const clients = tabs.flatMap((tab) => [tab.create(world.options()), tab.create(world.options())])
    for (const client of clients) client.start()
    const ids = await Promise.all(clients.map(world.idOf))
    const puts = tabs.flatMap((tab) => tab.calls()).filter((call) => call.startsWith('PUT')).length
    const [id] = ids
    return [
      measure(`${puts} PUT for ${clients.length} clients in ${TABS} tabs`, puts === 1),
      measure(`${new Set(ids).size} id among them`, new Set(ids).size === 1),
      measure('localStorage holds that id', storedAt(world.key) === id),
    ]
  },
}
