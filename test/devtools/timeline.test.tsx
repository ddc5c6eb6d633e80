import { act, screen, waitFor } from '@testing-library/react'
import type { createSessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { type Lane, parseNote } from '../../src/devtools/lane.ts'
import { placeNotes, ROWS } from '../../src/devtools/time-axis.ts'
import { press, rowsOf, withDevtools } from './support/devtools-page.tsx'

const page = withDevtools()

const drawing = () => screen.getByRole('figure', { name: 'Timeline' })
/** What is drawn, as its hover texts, with times left out. */
const drawn = () =>
  [...drawing().querySelectorAll('title')].map(({ textContent }) => textContent?.replace(/\d+ ms/g, '… ms'))
const channelName = (client: ReturnType<typeof createSessionClient>) =>
  `${client.queryOptions.queryKey.join(' ')} devtools`

test('the timeline draws calls of the API as bars and events as marks, in the lane of this tab', async () => {
  const client = await page.open()
  await act(() => client.associate({ visitId: 'v1' }))
  await act(() => client.fetch(`${page.session.api.baseUrl}/cart`))
  await act(() => client.fetch(`${page.session.api.origin}/elsewhere`))
  expect(drawn()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^PUT \/sessions\/new, answered in … ms/),
      'created',
      expect.stringMatching(/^POST \/sessions\/\{id\}, answered in … ms/),
      'associated: visitId',
      'GET /gks-server/v1/cart, with the id',
      'GET /elsewhere, without the id: outside',
    ]),
  )
  const bars = drawing().querySelectorAll('.call .bar')
  expect(bars.length).toBeGreaterThanOrEqual(4)
  expect(drawing().querySelectorAll('.event path')).toHaveLength(2)
  expect(drawing().textContent).toContain('this tab')
})

const laneOf = (notes: object[], busySince: number | null = null): Lane => ({
  tab: 'a',
  name: 'a',
  isOwn: true,
  title: '',
  path: '/',
  status: 'ready',
  sessionId: null,
  busySince,
  notes: notes.flatMap((note) => parseNote(note) ?? []),
})

test('a bar is as long as its request; the waits for the lock and for the next try stand beside it', () => {
  const now = 1_000_000
  const called = { type: 'called', method: 'PUT', at: now - 5_000, ms: 2_000, waitedMs: 1_000 }
  const [mark] = placeNotes(laneOf([{ ...called, code: 'http', nextTryAt: now + 1_000 }]), now, 20_000)
  // 78 per cent of the width are 20 s.
  const percentOf = (ms: number) => (ms / 20_000) * 78
  expect(mark).toMatchObject({ kind: 'call', isBad: true, words: 'PUT /sessions/new http' })
  expect(mark?.left).toBeCloseTo(percentOf(13_000))
  expect(mark?.width).toBeCloseTo(percentOf(2_000))
  expect(mark?.lockWidth).toBeCloseTo(percentOf(1_000))
  expect(mark?.pauseWidth).toBeCloseTo(percentOf(6_000))
})

test('a request under way is a bar that ends now', () => {
  const [mark] = placeNotes(laneOf([], 990_000), 1_000_000, 20_000)
  expect(mark).toMatchObject({ isOpen: true, left: 39, width: 39 })
})

test('what happened at one time stands in different rows, and words do not overlap', () => {
  const notes = ['created', 'associated', 'lost', 'reset', 'created'].map((type) => ({ type, at: 999_000 }))
  const marks = placeNotes(laneOf(notes), 1_000_000, 20_000)
  expect(marks.slice(0, ROWS).map(({ row }) => row)).toEqual([0, 1, 2])
  expect(marks.map(({ hasWords }) => hasWords)).toEqual([true, true, true, false, false])
})

test('what is older than the span is not drawn, and a longer span can be chosen', () => {
  const lane = laneOf([{ type: 'created', at: 900_000 }])
  expect(placeNotes(lane, 1_000_000, 20_000)).toEqual([])
  expect(placeNotes(lane, 1_000_000, 120_000)).toHaveLength(1)
})

test('in development the devtools show what happened before they were mounted', async () => {
  const client = page.session.open()
  await client.associate({ visitId: 'v1' })
  page.show(client, { initialIsOpen: true })
  expect(drawn()).toEqual(expect.arrayContaining(['created']))
  expect(rowsOf('Events').at(-1)).toMatch(/^created/)
})

test.each(['reset', 'forget'] as const)('%s() drops the history, of the other tabs too', async (leave) => {
  const client = await page.open()
  const other = page.session.open()
  other.start()
  await other.ready()
  const channel = new BroadcastChannel(channelName(client))
  const head = { title: 'Cart', path: '/cart', status: 'ready', sessionId: 'other', busySince: null }
  const before = { type: 'attached', method: 'GET', path: '/of-ada', at: Date.now() }
  channel.postMessage({ tab: 'other', says: 'head', head, notes: [before] })
  await waitFor(() => expect(rowsOf('Requests with the id')).toEqual(['GET /of-ada tab 2']))
  await act(() => client.fetch(`${page.session.api.baseUrl}/also-of-ada`))
  expect(rowsOf('Requests with the id')).toHaveLength(2)

  await act(async () => void (await client[leave]()))
  await waitFor(() => expect(rowsOf('Requests with the id')).toEqual(['none yet']))
  expect(rowsOf('Events').some((row) => row?.startsWith(leave === 'reset' ? 'reset' : 'forgotten'))).toBe(
    true,
  )
  // A tab that has not heard of it yet may still tell.
  channel.postMessage({ tab: 'other', says: 'note', note: before })
  channel.postMessage({
    tab: 'other',
    says: 'note',
    note: { ...before, path: '/of-bob', at: Date.now() + 1_000 },
  })
  await waitFor(() => expect(rowsOf('Requests with the id')).toEqual(['GET /of-bob tab 2']))
  channel.close()
})

test('each tab with devtools has a lane and a row, and goes when it is closed', async () => {
  const client = await page.open()
  expect(rowsOf('Tabs')).toEqual([expect.stringMatching(/^this tab .*\/ ready/)])
  const channel = new BroadcastChannel(channelName(client))
  const heard: unknown[] = []
  channel.onmessage = ({ data }) => heard.push(data)
  channel.postMessage({ tab: 'other', says: 'ask' })
  await waitFor(() =>
    expect(heard).toContainEqual(
      expect.objectContaining({
        says: 'head',
        head: expect.objectContaining({ status: 'ready', sessionId: client.getState().sessionId }),
        notes: expect.arrayContaining([expect.objectContaining({ type: 'created' })]),
      }),
    ),
  )
  await act(() => client.fetch(`${page.session.api.baseUrl}/cart`))
  await waitFor(() =>
    expect(heard).toContainEqual(
      expect.objectContaining({ says: 'note', note: expect.objectContaining({ type: 'attached' }) }),
    ),
  )
  const head = { title: 'Cart', path: '/cart', status: 'pending', sessionId: null, busySince: Date.now() }
  channel.postMessage({ tab: 'other', says: 'head', head, notes: [] })
  await waitFor(() => expect(rowsOf('Tabs')[1]).toBe('tab 2 Cart /cart pending '))
  expect(drawn()).toContain('The session is asked for, or ids are on their way')
  channel.postMessage({ tab: 'other', says: 'leave' })
  await waitFor(() => expect(rowsOf('Tabs')).toHaveLength(1))
  channel.close()
})

test('a page that goes into the back-forward cache closes its line, and opens it when it comes back', async () => {
  const client = await page.open()
  const channel = new BroadcastChannel(channelName(client))
  const heard: string[] = []
  channel.onmessage = ({ data }) => heard.push(data.says)
  const says = async (what: string) => {
    await waitFor(() => expect(heard).toContain(what))
    heard.length = 0
  }
  dispatchEvent(new Event('pagehide'))
  await says('leave')
  channel.postMessage({ tab: 'other', says: 'ask' })
  await act(() => client.fetch(`${page.session.api.baseUrl}/cart`))
  expect(heard).toEqual([])
  dispatchEvent(new Event('pageshow'))
  await says('head')
  channel.close()
})

test('another client has a history of its own', async () => {
  const [one, two] = [page.session.open({ storageKey: 'one' }), page.session.open({ storageKey: 'two' })]
  const view = page.show(one, { initialIsOpen: true })
  await act(() => one.associate({ customerId: 'ada' }))
  await waitFor(() => expect(rowsOf('Events')).toHaveLength(2))
  view.rerender(page.pageOf(two, { initialIsOpen: true }))
  await act(() => two.ready())
  await waitFor(() => expect(rowsOf('Events').map((row) => row?.split(' ')[0])).toEqual(['created']))
})

test('closed devtools go on recording', async () => {
  const client = page.session.open()
  page.show(client)
  await act(() => client.ready())
  await act(() => client.fetch(`${page.session.api.baseUrl}/cart`))
  await press('Session: ready')
  expect(rowsOf('Requests with the id')).toEqual(['GET /gks-server/v1/cart this tab'])
})
