import { measure, type PromiseCard } from './card.ts'
import { storedAt } from './world.ts'

const HOSTILE = '{"__proto__":{"sessionId":"../../admin"}}'

export const plainStorage: PromiseCard = {
  number: 7,
  title: 'localStorage holds the id',
  expected:
    'The value is the plain id. A hostile value counts as absent and is overwritten. Where storage is blocked, the session lives in memory, with one event and no exception.',
  async run(world) {
    const { key } = world
    localStorage.setItem(key, HOSTILE)
    const tab = await world.tab()
    const client = tab.create(world.options())
    const atFirst = client.getState().sessionId
    client.start()
    const id = await world.idOf(client)
    const others = Object.keys(localStorage).filter((name) => name.startsWith(key) && name !== key)

    const poor = await world.tab({ isStorageBlocked: true })
    const forgetful = poor.create(world.options())
    forgetful.start()
    await world.idOf(forgetful)
    const told = poor.events.filter(({ type }) => type === 'storage-unavailable').length
    return [
      measure('the hostile value counted as absent', atFirst === null),
      measure(
        'the plain id stands under the key',
        storedAt(key) === id && client.getState().persistence === 'local',
      ),
      measure(
        'all else stands behind “key:”',
        others.every((name) => name.startsWith(`${key}:`)),
      ),
      measure(
        `blocked: kept in ${forgetful.getState().persistence}, ${told} event`,
        forgetful.getState().persistence === 'memory' && told === 1,
      ),
    ]
  },
}
