import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(() => vi.restoreAllMocks())

test.each([
  '',
  '.',
  '..',
  'new',
  'a/../b',
  '%2e%2e',
  '{"id":1}',
  '[object Object]',
  'é',
  'a b',
  'x'.repeat(257),
])('F5, F6: a stored value like %j counts as absent and is overwritten', async (value) => {
  localStorage.setItem('storefront-session', value)
  const client = session.open()
  expect(client.getState().sessionId).toBeNull()
  client.start()
  const { sessionId } = await client.ready()
  expect(localStorage.getItem('storefront-session')).toBe(sessionId)
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F5, F7: whatever stands in storage, it is either an id of the right shape or nothing', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { freq: 2 }), (id, meta) => {
      localStorage.clear()
      localStorage.setItem('storefront-session', id)
      if (meta !== null) localStorage.setItem('storefront-session:at', meta)
      const { sessionId } = session.open().getState()
      if (sessionId !== null) expect(sessionId).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._~-]{0,255}$/)
    }),
  )
})

test.each([
  [
    'throws when touched',
    () =>
      vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
        throw new DOMException('blocked', 'SecurityError')
      }),
  ],
  ['is null', () => vi.spyOn(window, 'localStorage', 'get').mockReturnValue(null as never)],
  [
    'is full',
    () =>
      vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
        throw new DOMException('full', 'QuotaExceededError')
      }),
  ],
])('F1, F2, F4: a localStorage that %s means memory, one event and no exception', async (_, refuse) => {
  refuse()
  const client = session.open()
  client.start()
  await client.associate({ customerId: 'ada' })
  expect(client.getState()).toMatchObject({ status: 'ready', persistence: 'memory' })
  expect(session.events.filter(({ type }) => type === 'storage-unavailable')).toHaveLength(1)
})

test('a storage of your own is used by its three methods', async () => {
  const map = new Map<string, string>()
  const client = session.open({
    storage: {
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
    },
  })
  client.start()
  const { sessionId } = await client.ready()
  expect(map.get('storefront-session')).toBe(sessionId)
  expect(client.getState().persistence).toBe('custom')
})

test('disabled, nothing is read, written or sent', async () => {
  // A key of its own: clients of other tests may still be looking into storage.
  const storageKey = 'without-consent'
  const read = vi.spyOn(Storage.prototype, 'getItem')
  const client = session.open({ enabled: false, storageKey })
  client.start()
  await client.fetch(`${session.api.baseUrl}/products`)
  await expect(client.associate({ customerId: 'ada' })).rejects.toMatchObject({ code: 'disabled' })
  expect(read.mock.calls.filter(([key]) => key.startsWith(storageKey))).toEqual([])
  expect(Object.keys(localStorage).filter((key) => key.startsWith(storageKey))).toEqual([])
  expect(session.api.seen.map(({ path, search }) => path + search)).toEqual(['/gks-server/v1/products'])
  expect(client.getState().status).toBe('disabled')
})
