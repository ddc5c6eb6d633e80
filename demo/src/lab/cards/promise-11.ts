import { measure, type PromiseCard } from './card.ts'
import { echoOf } from './echo.ts'
import { storedAt } from './world.ts'

export const signOutEverywhere: PromiseCard = {
  number: 11,
  title: 'Sign-out reaches every tab',
  expected:
    'One tab signs out while another one is asleep. When that wakes, it neither shows, sends nor brings back the earlier session. After a forget it stays disabled.',
  async run(world) {
    const [awake, asleep] = await Promise.all([world.tab(), world.tab()])
    const [first, second] = [awake.create(world.options()), asleep.create(world.options())]
    first.start()
    second.start()
    const before = await world.idOf(first)
    await world.until('both tabs share it', () => second.getState().sessionId === before)

    second.stop()
    const after = (await first.reset()).sessionId
    second.start()
    const shown = second.getState().sessionId
    const sent = await echoOf(second)
    await world.idOf(second)
    const measures = [
      measure('the sleeper shows nothing of it when it wakes', shown !== before),
      measure('it sends the new id', sent.query === after && after !== before),
      measure('storage holds the new id', storedAt(world.key) === after),
    ]

    second.stop()
    first.forget()
    second.start()
    const { status } = second.getState()
    await new Promise((resolve) => setTimeout(resolve, 400)) // Time enough for a request that should not be.
    return [
      ...measures,
      measure(`after a forget it wakes “${status}”`, status === 'disabled'),
      measure('and nothing is stored again', storedAt(world.key) === null),
    ]
  },
}
