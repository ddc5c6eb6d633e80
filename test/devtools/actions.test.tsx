import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, expect, test, vi } from 'vitest'
import type { Trace } from '../../src/devtools/trace.ts'
import { press, rowsOf, shown, withDevtools } from './support/devtools-page.tsx'

const page = withDevtools()
afterEach(() => vi.restoreAllMocks())

/** What the live region says after an action. */
const said = (text: string) => screen.findByText(text, { selector: '[role=status]' })

test('Copy puts the session id onto the clipboard', async () => {
  userEvent.setup()
  const client = await page.open()
  await press('Copy')
  await said('The session id is copied.')
  expect(await navigator.clipboard.readText()).toBe(client.getState().sessionId)
})

test('Copy says so where the browser refuses the clipboard', async () => {
  userEvent.setup()
  await page.open()
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(
    new DOMException('no focus', 'NotAllowedError'),
  )
  await press('Copy')
  await said('It failed: no focus')
})

test('Ask again asks the server, also for a session that was confirmed a moment ago', async () => {
  await page.open()
  await press('Ask again')
  await said('The server confirmed the session.')
  expect(page.session.api.calls()).toEqual(['PUT /sessions/new', 'GET /sessions/:id'])
})

test('Ask again says what the API answered', async () => {
  await page.open()
  page.session.api.fault = () => new Response('', { status: 503 })
  await press('Ask again')
  await screen.findByText(/^http: GET .* answered 503/, { selector: '[role=status]' })
})

test('Reset leaves the session, Forget removes it', async () => {
  const client = await page.open()
  const before = client.getState().sessionId
  await press('Reset')
  await said('The session was left in every tab, and a new one began.')
  expect(client.getState().sessionId).not.toBe(before)
  await press('Forget')
  await said('The session is forgotten in every tab.')
  expect(client.getState().status).toBe('disabled')
  await waitFor(() => expect(rowsOf('What storage holds')).toEqual(['Nothing is kept.']))
})

test('Lose deletes the session on the server, and the client makes it again', async () => {
  const client = await page.open()
  const { api, events } = page.session
  await act(() => client.associate({ customerId: 'ada' }))
  const { sessionId } = client.getState()
  api.fault = ({ method }) => {
    if (method !== 'DELETE') return
    api.forgetAll()
    return new Response(null, { status: 204 })
  }
  await press('Lose')
  await said('The session was deleted on the server, and the client found it lost.')
  expect(events.map(({ type }) => type)).toContain('lost')
  expect(await page.session.readSession(sessionId)).toMatchObject({ customerId: 'ada' })
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId })
})

test('Lose takes one answer for "not found" where the API does not delete', async () => {
  const client = await page.open()
  const real = globalThis.fetch
  page.session.api.fault = ({ method }) =>
    method === 'DELETE' ? new Response(null, { status: 405 }) : undefined
  await press('Lose')
  await said('This API does not delete sessions: one answer said that it is lost.')
  expect(page.session.events.map(({ type }) => type)).toContain('lost')
  expect(page.session.api.calls().slice(1)).toEqual(['DELETE /sessions/:id', 'POST /sessions/:id'])
  expect(client.getState().status).toBe('ready')
  expect(globalThis.fetch).toBe(real)
})

test('Lose puts the page’s fetch back where the app sends its requests by another one', async () => {
  const real = globalThis.fetch
  await page.open({ fetch: (input, init) => real(input, init) })
  await press('Lose')
  await waitFor(() => expect(globalThis.fetch).toBe(real))
})

test('Lose works on a test session, too', async () => {
  const client = createTestSession({ session: { sessionId: 'a-session-of-a-test' } })
  page.show(client, { initialIsOpen: true })
  await press('Lose')
  await said('The session is lost.')
  expect(client.calls.map(({ name }) => name)).not.toContain('reset')
})

test('Export downloads a trace in which no id is left', async () => {
  const blobs: Blob[] = []
  vi.stubGlobal(
    'URL',
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => `blob:${blobs.push(blob)}`,
      revokeObjectURL: () => undefined,
    }),
  )
  const names: string[] = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download)
  })
  const client = await page.open()
  const first = String(client.getState().sessionId)
  await act(() => client.associate({ customerId: 'ada', visitId: 'visit-of-ada' }))
  for (const path of [
    '/customers/ada/orders',
    `/sessions-of/${first}`,
    '/orders/4711',
    '/by/ada%40shop.example',
  ])
    await act(() => client.fetch(`${page.session.api.baseUrl}${path}`))
  await press('Export trace')
  await said('The trace is downloaded, without ids.')
  expect(names[0]).toMatch(/^session-trace-.*\.json$/)
  const text = String(await blobs[0]?.text())
  for (const id of [first, 'ada', '4711']) expect(text).not.toContain(id)

  const trace: Trace = JSON.parse(text)
  expect(trace).toMatchObject({ format: 'storefront-session trace', version: 1 })
  const [tab] = trace.tabs
  expect(tab).toMatchObject({ name: 'this tab', status: 'ready', session: 'session 1' })
  expect(tab?.notes.map(({ type }) => type)).toEqual([
    'called',
    'created',
    'called',
    'associated',
    'attached',
    'attached',
    'attached',
    'attached',
  ])
  expect(tab?.notes.flatMap(({ path }) => path ?? [])).toEqual([
    '/gks-server/v1/customers/{id}/orders',
    '/gks-server/v1/sessions-of/{id}',
    '/gks-server/v1/orders/{id}',
    '/gks-server/v1/by/{id}',
  ])
  expect(tab?.notes[1]).toMatchObject({ type: 'created', session: 'session 1' })
  expect(shown('status')).toBe('ready')
})
