import type { SessionClient, SessionError } from 'storefront-session/core'
import { expect, test, vi } from 'vitest'
import { storeSession, withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()

/** How a client does not hear of the other tabs, and how it comes back. */
const SLEEPS: Record<string, { sleep(client: SessionClient): void; wake(client: SessionClient): void }> = {
  'was stopped and is started': { sleep: (client) => client.stop(), wake: (client) => client.start() },
  'was stopped and is asked for its session': {
    sleep: (client) => client.stop(),
    wake: (client) => void client.ready().catch(() => undefined),
  },
  'was stopped and sends a request of the storefront': {
    sleep: (client) => client.stop(),
    wake: (client) => void client.fetch(`${session.api.baseUrl}/cart`).catch(() => undefined),
  },
  'was stopped and associates': {
    sleep: (client) => client.stop(),
    wake: (client) => void client.associate({ visitId: 'v-late' }).catch(() => undefined),
  },
  'was disabled and is enabled': {
    sleep: (client) => client.setEnabled(false),
    wake: (client) => client.setEnabled(true),
  },
  'was frozen': {
    sleep: () => document.dispatchEvent(new Event('freeze')),
    wake: () => document.dispatchEvent(new Event('resume')),
  },
  'was in the back-forward cache': {
    sleep: () => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })),
    wake: () => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
  },
}
const sleeps = Object.entries(SLEEPS)

/** What another tab leaves in storage when it resets, with or without the next session made already, or forgets. */
const LEAVINGS: Record<string, () => Promise<string | undefined>> = {
  'reset the session': async () => {
    localStorage.setItem('storefront-session:at', 'othergeneration')
    localStorage.removeItem('storefront-session')
    return undefined
  },
  'reset the session and has the next one': async () => {
    const sessionId = await session.createElsewhere()
    localStorage.setItem('storefront-session:at', `othergeneration ${Date.now()} ${sessionId}`)
    localStorage.setItem('storefront-session', sessionId)
    return sessionId
  },
  'forgot the session': async () => {
    localStorage.clear()
    return undefined
  },
}
const leavings = Object.entries(LEAVINGS)

/** A tab with a session of ada's that is asleep by now. */
async function fallAsleep(sleep: (client: SessionClient) => void, options = {}) {
  const client = session.open({ attach: { to: [session.api.origin], waitMs: 300 }, ...options })
  client.start()
  const { sessionId } = await client.associate({ customerId: 'ada' })
  sleep(client)
  await vi.waitFor(() => expect(client.getState().isValidating).toBe(false))
  session.api.seen.length = 0
  session.events.length = 0
  return { client, left: sessionId }
}
/** Everything that a state says after the waking. */
function watch(client: SessionClient) {
  const shown: unknown[] = [client.getState()]
  client.subscribe(() => shown.push(client.getState()))
  return () => JSON.stringify([...shown, client.getState()])
}
const isCalm = (client: SessionClient) =>
  vi.waitFor(() => expect(client.getState()).toMatchObject({ isValidating: false, isAssociating: false }))

const cases = sleeps.flatMap(([how, sleep]) =>
  leavings.map(([what, leave]) => [how, what, sleep, leave] as const),
)

test.each(cases)(
  'F186: a tab that %s after another one %s neither shows, sends nor brings back the earlier session',
  async (how, what, { sleep, wake }, leave) => {
    const { client, left } = await fallAsleep(sleep)
    const next = await leave()
    wake(client)
    const shown = watch(client)
    expect(client.getState().sessionId).not.toBe(left)
    await isCalm(client)
    // To be enabled is a new consent.
    const isForgotten = what.startsWith('forgot') && !how.includes('enabled')
    await vi.waitFor(() => expect(client.getState().status).toBe(isForgotten ? 'disabled' : 'ready'))
    expect(shown()).not.toContain(left)
    expect(shown()).not.toContain('ada')
    const sent = JSON.stringify(session.api.seen)
    expect(sent).not.toContain(left)
    expect(sent).not.toContain('"gkc_customerid":"ada"')
    expect(JSON.stringify({ ...localStorage })).not.toContain(left)
    if (next) expect(client.getState().sessionId).toBe(next)
  },
)

test.each(sleeps.filter(([how]) => !how.includes('enabled')))(
  'F186: a tab that %s after another one forgot the session stays disabled, and stores nothing, until it is enabled',
  async (_, { sleep, wake }) => {
    const { client, left } = await fallAsleep(sleep)
    localStorage.clear()
    wake(client)
    await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'disabled', sessionId: null }))
    client.stop()
    client.start()
    await expect(client.ready()).rejects.toMatchObject({ code: 'disabled' })
    expect(client.getState().status).toBe('disabled')
    expect(localStorage).toHaveLength(0)
    expect(session.api.calls().filter((call) => call.includes('/sessions/'))).toEqual([])
    expect(session.events).toEqual([{ type: 'forgotten', sessionId: left }])
    client.setEnabled(true)
    expect((await client.ready()).sessionId).not.toBe(left)
  },
)

test.each(leavings)(
  'a client that was made before another tab %s, and is started after, is not in the earlier session',
  async (what, leave) => {
    const left = await session.createElsewhere()
    storeSession(left)
    const client = session.open()
    expect(client.getState().sessionId).toBe(left)
    const next = await leave()
    client.start()
    const shown = watch(client)
    if (what.startsWith('forgot')) expect(client.getState().status).toBe('disabled')
    else {
      const { sessionId } = await client.ready()
      if (next) expect(sessionId).toBe(next)
    }
    await isCalm(client)
    expect(shown()).not.toContain(left)
    expect(session.api.seen.map(({ path }) => path).join()).not.toContain(left)
    expect(JSON.stringify({ ...localStorage })).not.toContain(left)
  },
)

test('a client that was made before a forget() and is started after stays disabled until it is enabled', async () => {
  storeSession(await session.createElsewhere())
  const client = session.open()
  localStorage.clear()
  client.start()
  await expect(client.ready()).rejects.toMatchObject({ code: 'disabled' })
  expect([localStorage.length, client.getState().status]).toEqual([0, 'disabled'])
  client.setEnabled(true)
  await client.ready()
  expect(client.getState().status).toBe('ready')
})

test('a client that was made when nothing was stored begins a session when it is started', async () => {
  const client = session.open()
  client.start()
  expect(await client.ready()).toMatchObject({ sessionId: expect.any(String) })
})

test.each(sleeps)(
  'what a tab had accepted and not sent before it slept is not sent for the next session: it %s',
  async (how, { sleep, wake }) => {
    for (const durable of [true, false]) {
      localStorage.clear()
      session.api.seen.length = 0
      const client = session.open({ durable, attach: { to: [session.api.origin], waitMs: 300 } })
      client.start()
      await client.ready()
      session.api.fault = ({ method }) =>
        method === 'POST' ? new Response('{}', { status: 503 }) : undefined
      const associated = client.associate({ customerId: 'ada' })
      const outcome = associated.then(
        () => 'confirmed',
        ({ code }: SessionError) => code,
      )
      await vi.waitFor(() => expect(client.getState().error).not.toBeNull())
      sleep(client)
      // As it goes into the cache, a page sends what waits: still to the session of now.
      if (how.includes('cache')) await vi.waitFor(() => expect(session.api.calls()).toHaveLength(3))
      session.api.fault = undefined
      session.api.seen.length = 0
      await LEAVINGS['reset the session and has the next one']?.()
      wake(client)
      expect(await outcome).toBe('aborted')
      await isCalm(client)
      const customers = session.api.seen.map(({ headers }) => headers.gkc_customerid).filter(Boolean)
      expect(customers).toEqual([])
      client.forget()
    }
  },
)
