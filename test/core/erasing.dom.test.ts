import { expect, test } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
const LIST = 'storefront-session:erase'
const erasures = () => session.api.calls().filter((call) => call.startsWith('DELETE'))
const isErased = async (id: string) => (await session.readSession(id)) === undefined

test.each(['reset', 'forget'] as const)(
  '%s() erases the session that is left on the server',
  async (leave) => {
    const client = session.open({ eraseOnServer: true })
    client.start()
    const { sessionId } = await client.associate({ customerId: 'ada' })
    void client[leave]()
    expect(localStorage.getItem(LIST)).toMatch(new RegExp(`^${sessionId} \\d+$`))
    await expect.poll(() => localStorage.getItem(LIST)).toBe(null)
    expect(await isErased(sessionId)).toBe(true)
    const [erasure] = session.api.seen.filter(({ method }) => method === 'DELETE')
    expect(erasure).toMatchObject({ body: '' })
    // An erasure names no customer.
    expect(erasure?.headers).not.toHaveProperty('gkc_customerid')
  },
)

test('without the option nothing is erased', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  await client.reset()
  client.forget()
  expect([erasures(), await isErased(sessionId)]).toEqual([[], false])
})

test('a customer who signs out by identify() leaves a session that is erased', async () => {
  const client = session.open({ eraseOnServer: true })
  client.start()
  client.identify('ada')
  await expect.poll(() => client.getState()).toMatchObject({ isConfirmed: true, isAssociating: false })
  const { sessionId } = client.getState()
  client.identify(null)
  await expect.poll(() => isErased(String(sessionId))).toBe(true)
})

test('an erasure that finds no API is kept, and tried again while the page is open', async () => {
  const client = session.open({ eraseOnServer: true })
  client.start()
  const { sessionId } = await client.ready()
  session.api.fault = ({ method }) => (method === 'DELETE' ? new Response(null, { status: 503 }) : undefined)
  client.forget()
  await expect.poll(erasures).toHaveLength(1)
  expect(localStorage.getItem(LIST)).toContain(sessionId)
  session.api.fault = undefined
  await expect.poll(() => localStorage.getItem(LIST), { timeout: 5_000 }).toBe(null)
  expect(await isErased(sessionId)).toBe(true)
})

test('an erasure that gets a Retry-After is not tried again before', async () => {
  const client = session.open({ eraseOnServer: true })
  client.start()
  await client.ready()
  const busy = () => new Response(null, { status: 429, headers: { 'retry-after': '2' } })
  session.api.fault = ({ method }) => (method === 'DELETE' ? busy() : undefined)
  client.forget()
  await expect.poll(erasures).toHaveLength(1)
  session.api.fault = undefined
  await new Promise((resolve) => setTimeout(resolve, 1_800))
  expect(erasures()).toHaveLength(1)
  await expect.poll(() => localStorage.getItem(LIST), { timeout: 5_000 }).toBe(null)
})

test('sessions that are left one after another while the API is down are tried again once each', async () => {
  const client = session.open({ eraseOnServer: true })
  client.start()
  session.api.fault = ({ method }) => (method === 'DELETE' ? new Response(null, { status: 503 }) : undefined)
  for (let round = 0; round < 3; round++) {
    await client.ready()
    await client.reset()
  }
  await expect.poll(() => erasures().length).toBeGreaterThanOrEqual(3)
  session.api.fault = undefined
  session.api.seen.length = 0
  await expect.poll(() => localStorage.getItem(LIST), { timeout: 10_000 }).toBe(null)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(erasures()).toHaveLength(3)
})

test('what is still to be erased is erased on the next load, also without consent; nothing else is sent', async () => {
  const id = await session.createElsewhere()
  session.api.seen.length = 0
  localStorage.setItem(LIST, `${id} ${Date.now() - 3_600_000}`)
  const client = session.open({ eraseOnServer: true, enabled: false })
  client.start()
  await expect.poll(() => localStorage.getItem(LIST)).toBe(null)
  expect(session.api.calls()).toEqual(['DELETE /sessions/:id'])
})

test('what could not be erased for 24 hours, and what is no id, is given up', async () => {
  localStorage.setItem(LIST, `an-old-session-of-yesterday ${Date.now() - 86_400_001},../no-id 1,nonsense`)
  const client = session.open({ eraseOnServer: true, enabled: false })
  client.start()
  await expect.poll(() => localStorage.getItem(LIST)).toBe(null)
  expect(session.api.seen).toEqual([])
})

test.each([404, 405, 501])('a server that answers %s can do no more for it', async (status) => {
  const client = session.open({ eraseOnServer: true })
  client.start()
  await client.ready()
  session.api.fault = ({ method }) => (method === 'DELETE' ? new Response(null, { status }) : undefined)
  client.forget()
  await expect.poll(() => localStorage.getItem(LIST)).toBe(null)
  expect(erasures()).toHaveLength(1)
})

test.each([
  ['reset', { eraseOnServer: true }],
  ['forget', { eraseOnServer: true }],
  ['forget', { resume: true }],
] as const)(
  '%s() with %j erases what a PUT under way has made, when its answer arrives',
  async (leave, options) => {
    const client = session.open(options)
    let answerNow = (): void => undefined
    const created: string[] = []
    session.api.fault = async ({ method }) => {
      if (method !== 'PUT') return
      const id = await session.createElsewhere()
      created.push(id)
      session.api.fault = undefined
      await new Promise<void>((resolve) => {
        answerNow = resolve
      })
      return Response.json({ statusCode: 0, response: { sessionId: id } })
    }
    // createElsewhere() asks by PUT, too.
    const fault = session.api.fault
    session.api.fault = (request) => {
      session.api.fault = undefined
      return fault(request)
    }
    client.start()
    await expect.poll(() => created).toHaveLength(1)
    void client[leave]()
    if (leave === 'reset') await expect.poll(() => client.getState().status).toBe('ready')
    answerNow()
    await expect.poll(() => isErased(String(created[0]))).toBe(true)
    expect(client.getState().sessionId).not.toBe(created[0])
  },
)

test('a page that is stopped tries no more', async () => {
  const client = session.open({ eraseOnServer: true })
  client.start()
  await client.ready()
  session.api.fault = ({ method }) => (method === 'DELETE' ? new Response(null, { status: 503 }) : undefined)
  client.forget()
  await expect.poll(erasures).toHaveLength(1)
  client.stop()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(erasures()).toHaveLength(1)
  expect(localStorage.getItem(LIST)).not.toBe(null)
})
