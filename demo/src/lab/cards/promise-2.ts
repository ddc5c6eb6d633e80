import { measure, type PromiseCard } from './card.ts'
import { echoOf } from './echo.ts'

export const noWaiting: PromiseCard = {
  number: 2,
  title: 'No waiting on restore',
  expected:
    'A first visit makes one request, which takes a visit id along. A second visit has the id at once and asks nothing.',
  async run(world) {
    const first = await world.tab()
    const newcomer = first.create(world.options())
    newcomer.associate({ visitId: 'card-2' }).catch(() => undefined) // Seen by its measure.
    newcomer.start()
    const id = await world.idOf(newcomer)
    await world.until('the visit id is confirmed', () => !newcomer.getState().isAssociating)
    const [put] = first.requests
    const visit = [
      measure(`first visit: ${first.calls().join(', ')}`, first.calls().join() === 'PUT /sessions/new'),
      measure('the visit id travelled with it', put?.body.includes('card-2') === true),
    ]
    first.close()

    const second = await world.tab()
    const regular = second.create(world.options())
    const { status, sessionId } = regular.getState()
    regular.start()
    const echo = await echoOf(regular)
    await new Promise((resolve) => setTimeout(resolve, 400)) // Time enough for a request that should not be.
    return [
      ...visit,
      measure(`second visit: ${status} before anything ran`, status === 'ready' && sessionId === id),
      measure('its first request carried the id', echo.query === id),
      measure(`${second.calls().length} calls of the session API`, second.calls().length === 0),
    ]
  },
}
