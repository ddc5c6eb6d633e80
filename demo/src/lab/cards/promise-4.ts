import { measure, type PromiseCard } from './card.ts'

const CUSTOMER = 'ada.4@card.example'

export const nothingLost: PromiseCard = {
  number: 4,
  title: 'Nothing accepted is lost',
  expected:
    'Two ids are accepted in one tick while the API is away, and the tab is closed. The next tab brings both to the server.',
  async run(world) {
    const first = await world.tab()
    const client = first.create(world.options())
    client.start()
    const id = await world.idOf(client)
    world.weather = 'down'
    for (const ids of [{ customerId: CUSTOMER }, { visitId: 'card-4' }])
      client.associate(ids).catch(() => undefined) // The tab is closed before it settles.
    await world.until('the API has refused it', () => first.requests.some(({ status }) => status === 503))
    const posts = first.requests.filter(({ method }) => method === 'POST')
    const isOne = posts.length === 1 && posts[0]?.customer === CUSTOMER && posts[0].body.includes('card-4')
    first.close()

    world.weather = 'normal'
    const second = await world.tab()
    const heir = second.create(world.options())
    const seen = heir.getState().session?.customerId
    heir.start()
    await world.until('the server has both ids', async () => {
      const session = await world.ask(id)
      return session?.customerId === CUSTOMER && session.visitId === 'card-4'
    })
    return [
      measure('two calls of one tick made one request', isOne),
      measure('the next tab knew the customer before it asked', seen === CUSTOMER),
      measure('the server has both ids', true),
      measure('the session is the same', heir.getState().sessionId === id),
    ]
  },
}
