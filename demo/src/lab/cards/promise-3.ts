import { measure, type PromiseCard } from './card.ts'
import { echoOf } from './echo.ts'

/** What the world's clients wait for a session, and what a busy computer may add. */
const WAIT_MS = 600
const PATIENCE_MS = 2_000

export const neverBreaks: PromiseCard = {
  number: 3,
  title: 'The storefront never breaks',
  expected:
    'The API answers 503. A storefront request goes out all the same, after a short wait and without the id. Then the API comes back, and so does the session, by itself.',
  async run(world) {
    const tab = await world.tab()
    world.weather = 'down'
    const client = tab.create(world.options())
    client.start()
    const began = performance.now()
    const away = await echoOf(client)
    const waited = Math.round(performance.now() - began)
    await world.until('the trouble is told', () => client.getState().error !== null)
    const { error, status } = client.getState()
    const refused = tab.requests.filter((request) => request.status === 503).length

    world.weather = 'normal'
    const cleared = performance.now()
    const id = await world.idOf(client)
    const healed = ((performance.now() - cleared) / 1_000).toFixed(1)
    const back = await echoOf(client)
    return [
      measure(
        `answered after ${waited} ms, without the id`,
        waited < WAIT_MS + PATIENCE_MS && away.query === null,
      ),
      measure(`status “${status}”, error “${error?.code}”, ${refused} × 503`, error?.status === 503),
      measure(`healed ${healed} s after the API came back`, client.getState().status === 'ready'),
      measure('the next request carried the id', back.query === id),
    ]
  },
}
