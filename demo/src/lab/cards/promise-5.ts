import { measure, type PromiseCard } from './card.ts'

const CUSTOMER = 'ada.5@card.example'

export const lostAndFound: PromiseCard = {
  number: 5,
  title: 'A lost session is replaced',
  expected:
    'The server forgets the session in mid-visit. The next storefront request finds out, makes it again under the same id with the customer in it, and is repeated. The app sees a 200.',
  async run(world) {
    const tab = await world.tab()
    const client = tab.create(world.options())
    client.start()
    const id = await world.idOf(client)
    await client.associate({ customerId: CUSTOMER })
    const isLost = await world.lose(id)
    const before = tab.requests.length
    const response = await client.fetch('/api/cart')
    const trail = tab.requests.slice(before)
    const story = trail.map(({ method, status }) => `${method} ${status}`).join(', ')
    const remaking = trail.find(({ method }) => method === 'POST')
    return [
      measure('the server forgot it', isLost),
      measure(`the app’s request got ${response.status}`, response.ok),
      measure(story, trail.length === 3 && trail[0]?.status === 404 && trail[2]?.status === 200),
      measure('the one POST brought the customer back', remaking?.customer === CUSTOMER),
      measure('the id is the same', client.getState().sessionId === id),
      measure('one event “lost”', tab.events.filter(({ type }) => type === 'lost').length === 1),
    ]
  },
}
