import { act, screen, waitFor } from '@testing-library/react'
import fc from 'fast-check'
import type { SessionClient } from 'storefront-session'
import { expect, test, vi } from 'vitest'
import { parseMessage, parseNote } from '../../src/devtools/lane.ts'
import { describeValue } from '../../src/devtools/mask.ts'
import { isAlive, press, rowsOf, shown, withDevtools } from './support/devtools-page.tsx'

const page = withDevtools()

const HEAD = {
  title: 'Cart',
  path: '/cart',
  status: 'ready',
  sessionId: 'another-session-of-a-tab',
  busySince: 1,
}

test.each([
  null,
  'ask',
  42,
  [],
  {},
  { asks: true },
  { tab: 'x', status: 'ready', sessionId: { toString: 'no' } },
  { tab: 'x', says: 'head' },
  { tab: 'x', says: 'head', head: { title: {}, path: [], status: { a: 1 }, sessionId: 7, busySince: 'now' } },
  { tab: 'x', says: 'head', head: HEAD, notes: 'none' },
  {
    tab: 'x',
    says: 'head',
    head: HEAD,
    notes: [null, 1, { at: 'x' }, { at: 1, type: {} }, { at: Number.NaN, type: 'created' }],
  },
  {
    tab: 'x',
    says: 'head',
    head: HEAD,
    notes: [{ at: 1e308, type: 'called', ms: 1e308, waitedMs: -1e308, method: {} }],
  },
  { tab: 'x', says: 'head', head: HEAD, notes: [{ at: 1, type: '__proto__', fields: [{}], reason: [] }] },
  { tab: {}, says: 'leave' },
  new Map([['tab', 'x']]),
])('F200: a message of the shape %j does not unmount the app', async (message) => {
  const failures = vi.spyOn(console, 'error')
  const client = await page.open()
  const channel = new BroadcastChannel(`${client.queryOptions.queryKey.join(' ')} devtools`)
  channel.postMessage(message)
  // Messages arrive in order: after this one the other was heard.
  channel.postMessage({ tab: 'last', says: 'head', head: HEAD })
  await waitFor(() => expect(rowsOf('Tabs').at(-1)).toContain('Cart'))
  expect(isAlive()).toBe(true)
  expect(shown('status')).toBe('ready')
  expect(screen.queryByRole('alert')).toBeNull()
  expect(failures).not.toHaveBeenCalled()
  channel.close()
})

test('F200: any value at all is a message, a note and a text, or nothing', () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withMap: true, withDate: true }),
      fc.string(),
      (value, tab) => {
        for (const says of ['head', 'note', 'ask'])
          parseMessage({ tab, says, head: value, note: value, notes: value })
        const note = parseNote(value)
        expect(note === undefined || Number.isFinite(note.at)).toBe(true)
        expect(typeof describeValue(value)).toBe('string')
      },
    ),
  )
})

test('many tabs and long texts do not grow without end', async () => {
  const client = await page.open()
  const channel = new BroadcastChannel(`${client.queryOptions.queryKey.join(' ')} devtools`)
  for (let index = 0; index < 40; index++)
    channel.postMessage({ tab: `t${index}`, says: 'head', head: { ...HEAD, title: 'x'.repeat(10_000) } })
  await waitFor(() => expect(rowsOf('Tabs').length).toBe(17))
  for (const row of rowsOf('Tabs')) expect(row?.length).toBeLessThan(500)
  channel.close()
})

test.each([
  ['storefront-session', '{"a":1}'],
  ['storefront-session:at', '\u0000 99999999999999999999 %'],
  ['storefront-session:customerId', 'x'.repeat(100_000)],
  ['storefront-session:anything', '<img src=x onerror=alert(1)>'],
])('F200: a stored value of any shape does not unmount the app: %s', async (key, value) => {
  await page.open()
  localStorage.setItem(key, value)
  await waitFor(() => expect(rowsOf('What storage holds').some((row) => row?.startsWith(key))).toBe(true), {
    timeout: 3_000,
  })
  expect(isAlive()).toBe(true)
  expect(shown('status')).toBe('ready')
  expect(document.querySelector('img')).toBeNull()
})

test('a session with values of any shape is shown as text', async () => {
  const session = { sessionId: 'a-session-with-strange-fields', customerId: { a: 1n }, visitId: ['v'] }
  const client = page.session.open()
  const state = {
    ...client.getState(),
    status: 'ready',
    sessionId: session.sessionId,
    session,
    error: { code: {} },
  }
  const strange = {
    ...client,
    getState: () => state,
    getServerState: () => state,
  } as unknown as SessionClient
  page.show(strange, { initialIsOpen: true })
  expect(shown('visitId')).toContain('•••')
  await press('Show visitId')
  expect(shown('visitId')).toContain('["v"]')
  expect(isAlive()).toBe(true)
})

test('devtools that fail say why in their own place, and can be tried again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const client = page.session.open()
  let isBroken = true
  const pendingFields = () => {
    if (isBroken) throw new Error('of another version')
    return []
  }
  page.show({ ...client, pendingFields }, { initialIsOpen: true })
  expect(screen.getByRole('alert').textContent).toContain('of another version')
  expect(isAlive()).toBe(true)
  isBroken = false
  await press('Try again')
  await act(() => client.ready())
  expect(shown('pending')).toBe('nothing')
  vi.restoreAllMocks()
})
