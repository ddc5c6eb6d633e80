import { measure, type PromiseCard } from './card.ts'

const CUSTOMER = 'ada.10@card.example'

export const newIdOnSignIn: PromiseCard = {
  number: 10,
  title: 'Sign-in can change the id',
  expected:
    'With rotate: “on-sign-in”, the first customer of an anonymous session gets a new one, by one PUT. The old id is never tied to the customer.',
  async run(world) {
    const tab = await world.tab()
    const client = tab.create({ ...world.options(), rotate: 'on-sign-in' })
    client.start()
    const before = await world.idOf(client)
    await client.associate({ visitId: 'card-10' })
    const count = tab.requests.length
    await client.associate({ customerId: CUSTOMER })
    const after = await world.idOf(client)
    const requests = tab.requests.slice(count)
    const [put] = requests
    const [old, fresh] = [await world.ask(before), await world.ask(after)]
    return [
      measure('the id is another one', after !== before),
      measure(
        `${requests.map(({ method }) => method).join(', ')}, with the customer and the visit id`,
        requests.length === 1 &&
          put?.method === 'PUT' &&
          put.customer === CUSTOMER &&
          put.body.includes('card-10'),
      ),
      measure('the old id knows no customer', old?.customerId === undefined),
      measure('the new one does', fresh?.customerId === CUSTOMER),
    ]
  },
}
