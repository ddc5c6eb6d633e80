import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { type SessionClient, SessionProvider } from 'storefront-session'
import { SessionDevtools } from 'storefront-session/devtools'
import { afterEach, expect, test, vi } from 'vitest'
import { STYLE } from '../../src/devtools/style.ts'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

const panelOf = (client: SessionClient) => (
  <StrictMode>
    <SessionProvider client={client}>
      <SessionDevtools />
    </SessionProvider>
  </StrictMode>
)
const show = (client: SessionClient) => render(panelOf(client))
const linesOf = (name: string) =>
  within(screen.getByRole('list', { name }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent?.replace(/^\d\S*( [AP]M)? /, ''))
const shown = (name: string) => screen.getByText(name).nextElementSibling?.textContent

/** An open panel of a page that has its session. */
async function openPanel(options = {}) {
  const client = session.open(options)
  show(client)
  await client.ready()
  await userEvent.click(await screen.findByRole('button', { name: 'Session: ready' }))
  return client
}

test('it opens and closes by keyboard, and gives the focus back', async () => {
  const client = session.open()
  show(client)
  const button = screen.getByRole('button', { name: /^Session/ })
  expect(button.getAttribute('aria-expanded')).toBe('false')
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  expect(button.getAttribute('aria-expanded')).toBe('true')
  expect(screen.getByRole('region', { name: 'Session' })).toBeTruthy()
  await userEvent.keyboard('{Escape}')
  expect(screen.queryByRole('region', { name: 'Session' })).toBeNull()
  expect(document.activeElement).toBe(button)
})

test('it shows the state, and which ids the server has not confirmed yet', async () => {
  const client = await openPanel()
  expect(shown('sessionId')).toBe(client.getState().sessionId)
  expect([shown('persistence'), shown('pending')]).toEqual(['local', 'nothing'])
  session.api.fault = ({ method }) => (method === 'POST' ? new Response('', { status: 503 }) : undefined)
  act(() => void client.associate({ customerId: 'ada', visitId: 'v1' }))
  await waitFor(() => expect(shown('pending')).toBe('customerId, visitId'))
  expect(shown('customerId')).toBe('ada')
  await waitFor(() => expect(shown('error')).toMatch(/^http: /))
})

test('the timeline tells what happens to the session, the newest first', async () => {
  const client = await openPanel()
  const before = client.getState().sessionId
  await act(() => client.associate({ visitId: 'v1' }))
  const { sessionId } = await act(() => client.reset())
  expect(linesOf('Events')).toEqual([
    `created · ${sessionId}`,
    `reset · ${before}`,
    `associated · ${before} · visitId`,
    `created · ${before}`,
  ])
})

test.each(['query', 'header'] as const)('it lists the requests that carried the id by %s', async (as) => {
  const client = await openPanel({ attach: { as } })
  await act(() => client.fetch(`${session.api.baseUrl}/help/search?q=lamp`, { method: 'POST' }))
  await act(() => client.fetch(`${session.api.origin}/elsewhere`))
  expect(linesOf('Requests that carried the id')).toEqual(['POST /gks-server/v1/help/search'])
})

test('it lists the other tabs that have a panel, and what session they are in', async () => {
  const client = await openPanel()
  expect(linesOf('Other tabs')).toEqual(['none with this panel'])
  const name = `${client.queryOptions.queryKey.join(' ')} devtools`
  const other = new BroadcastChannel(name)
  const heard: unknown[] = []
  other.onmessage = ({ data }) => heard.push(data)
  other.postMessage({ tab: 'other', asks: true })
  await waitFor(() =>
    expect(heard).toContainEqual(
      expect.objectContaining({ status: 'ready', sessionId: client.getState().sessionId }),
    ),
  )
  other.postMessage({ tab: 'other', status: 'ready', sessionId: 'abc' })
  await screen.findByText('ready · abc')
  other.postMessage({ tab: 'other', leaves: true })
  await waitFor(() => expect(screen.queryByText('ready · abc')).toBeNull())
  cleanup()
  await waitFor(() => expect(heard).toContainEqual(expect.objectContaining({ leaves: true })))
  other.close()
})

test('another client has a timeline of its own', async () => {
  const [one, two] = [session.open({ storageKey: 'one' }), session.open({ storageKey: 'two' })]
  const view = show(one)
  await one.ready()
  await userEvent.click(await screen.findByRole('button', { name: 'Session: ready' }))
  await act(() => one.associate({ customerId: 'ada' }))
  await waitFor(() => expect(linesOf('Events')).toHaveLength(2))
  view.rerender(panelOf(two))
  await act(() => two.ready())
  await waitFor(() => expect(linesOf('Events').map((line) => line?.split(' ')[0])).toEqual(['created']))
})

test('its style says the same on a server with React 18, which escapes a >', () => {
  expect(STYLE).not.toMatch(/[<>&"']/)
})

test('it stands also where the browser refuses BroadcastChannel, as Firefox does with cookies blocked', () => {
  vi.stubGlobal('BroadcastChannel', function refuse() {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  })
  show(session.open())
  expect(screen.getByRole('button', { name: /^Session/ })).toBeTruthy()
  vi.unstubAllGlobals()
})
