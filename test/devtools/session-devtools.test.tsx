import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { SessionProvider } from 'storefront-session'
import { SessionDevtools, SessionDevtoolsPanel, sessionDevtoolsPlugin } from 'storefront-session/devtools'
import { expect, test, vi } from 'vitest'
import { CLASS_NAME, STYLE } from '../../src/devtools/style.ts'
import { isAlive, press, rowsOf, shown, withDevtools } from './support/devtools-page.tsx'

const page = withDevtools()
const root = () => document.querySelector(`.${CLASS_NAME}`)

test('the opener opens and closes the panel by keyboard, and Escape gives the focus back', async () => {
  page.show(page.session.open())
  const opener = screen.getByRole('button', { name: /^Session/ })
  expect(opener.getAttribute('aria-expanded')).toBe('false')
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  expect(opener.getAttribute('aria-expanded')).toBe('true')
  expect(screen.getByRole('region', { name: 'Session devtools' })).toBeTruthy()
  await userEvent.tab()
  expect(document.activeElement?.textContent).toBe('Copy')
  await userEvent.keyboard('{Escape}')
  expect(screen.queryByRole('region', { name: 'Session devtools' })).toBeNull()
  expect(document.activeElement).toBe(opener)
})

test('the devtools stand in the corner, the theme and with the nonce that the app gives', () => {
  page.show(page.session.open(), { position: 'top-right', initialIsOpen: true, theme: 'dark', nonce: 'n1' })
  expect(root()?.getAttribute('data-position')).toBe('top-right')
  expect(root()?.getAttribute('data-theme')).toBe('dark')
  expect(root()?.querySelector('style')?.nonce).toBe('n1')
  expect(screen.getByRole('region', { name: 'Session devtools' })).toBeTruthy()
})

test('without props the devtools are closed, in a corner that TanStack Query does not use, in the colours of the page', () => {
  page.show(page.session.open())
  expect(root()?.getAttribute('data-position')).toBe('bottom-left')
  expect(root()?.hasAttribute('data-theme')).toBe(false)
  expect(screen.getByRole('button', { name: /^Session/ }).getAttribute('aria-expanded')).toBe('false')
})

test('each id of the state is masked until a person asks for it', async () => {
  const client = await page.open()
  await act(() => client.associate({ customerId: 'ada', visitId: 'visit-1-of-ada-in-may' }))
  const id = String(client.getState().sessionId)
  expect(document.body.innerHTML).not.toContain(id)
  expect([shown('customerId'), shown('visitId')]).toEqual(['•••••• show', 'visi…-may show'])
  await press('Show sessionId')
  expect(shown('sessionId')).toBe(`${id} hide`)
  expect(shown('customerId')).toBe('•••••• show')
  await press('Hide sessionId')
  expect(document.body.innerHTML).not.toContain(id)
})

test('an id that was shown does not show the next one', async () => {
  const client = await page.open()
  await press('Show sessionId')
  const { sessionId } = await act(() => client.reset())
  await waitFor(() => expect(shown('sessionId')).toContain('show'))
  expect(document.body.innerHTML).not.toContain(sessionId)
})

test('the state tells pending ids, the error, the last confirmation and the next try', async () => {
  const client = await page.open()
  expect([shown('status'), shown('persistence'), shown('pending')]).toEqual(['ready', 'local', 'nothing'])
  expect(shown('storage key')).toBe('storefront-session')
  await waitFor(() => expect(shown('confirmed')).toMatch(/^\d s ago, /))
  expect(shown('retry')).toBe('none is due')
  page.session.api.fault = ({ method }) =>
    method === 'POST' ? new Response('', { status: 503, headers: { 'retry-after': '20' } }) : undefined
  act(() => void client.associate({ customerId: 'ada', visitId: 'v1' }))
  await waitFor(() => expect(shown('pending')).toBe('customerId, visitId'))
  await waitFor(() => expect(shown('error')).toMatch(/^http: /))
  expect(shown('retry')).toMatch(/^next try in (2\d) s$/)
})

test('the state knows of a confirmation before this page, too', async () => {
  const first = page.session.open()
  const { sessionId } = await first.ready()
  first.stop()
  const at = Date.now() - 65_000
  localStorage.setItem(
    'storefront-session:at',
    localStorage['storefront-session:at'].replace(/\d+ /, `${at} `),
  )
  await page.open()
  expect(page.session.api.calls()).toEqual(['PUT /sessions/new'])
  await waitFor(() => expect(shown('confirmed')).toMatch(/^6[5-9] s ago/))
  expect(localStorage['storefront-session']).toBe(sessionId)
})

test('what storage holds is listed by key, with ids masked', async () => {
  const client = await page.open()
  await waitFor(() => expect(rowsOf('What storage holds')).toHaveLength(2))
  page.session.api.fault = () => new Response('', { status: 503 })
  act(() => void client.associate({ customerId: 'ada.lovelace@shop.example' }))
  await waitFor(() =>
    expect(rowsOf('What storage holds').map((row) => row?.split(' ')[0])).toEqual([
      'storefront-session',
      'storefront-session:at',
      'storefront-session:customerId',
    ]),
  )
  expect(document.body.innerHTML).not.toContain('lovelace')
  await press('Show storefront-session:customerId')
  expect(rowsOf('What storage holds').at(-1)).toContain('ada.lovelace@shop.example')
})

test('requests are listed with their path, those without the id with the reason', async () => {
  const { baseUrl, origin } = page.session.api
  const client = await page.open({ attach: { when: (url) => !url.pathname.endsWith('/stock') } })
  await act(() => client.fetch(`${baseUrl}/help/search?q=lamp`, { method: 'POST' }))
  await act(() => client.fetch(`${origin}/elsewhere`))
  await act(() => client.fetch(`${baseUrl}/stock`))
  act(() => client.setEnabled(false))
  await act(() => client.fetch(`${baseUrl}/cart`))
  expect(rowsOf('Requests with the id')).toEqual(['POST /gks-server/v1/help/search this tab'])
  expect(rowsOf('Requests without the id').sort()).toEqual([
    'GET /elsewhere outside attach.to · this tab',
    'GET /gks-server/v1/cart disabled: no consent · this tab',
    'GET /gks-server/v1/stock refused by attach.when · this tab',
  ])
})

test('a request that no session came for in time is listed as such', async () => {
  page.session.api.fault = ({ path }) =>
    path.includes('/sessions/') ? new Response('', { status: 503 }) : undefined
  const client = page.session.open({ attach: { waitMs: 10 } })
  page.show(client, { initialIsOpen: true })
  await act(() => client.fetch(`${page.session.api.baseUrl}/cart`))
  expect(rowsOf('Requests without the id')).toEqual([
    'GET /gks-server/v1/cart no session in time: it waited attach.waitMs · this tab',
  ])
})

test('<SessionDevtoolsPanel> is the same in normal flow, without an opener', async () => {
  const client = page.session.open()
  render(
    <SessionProvider client={client}>
      <SessionDevtoolsPanel theme="light" />
    </SessionProvider>,
  )
  await act(() => client.ready())
  const panel = screen.getByRole('region', { name: 'Session devtools' })
  expect(panel.getAttribute('data-theme')).toBe('light')
  expect(panel.hasAttribute('data-position')).toBe(false)
  expect(shown('status')).toBe('ready')
  expect(screen.queryByRole('button', { name: /^Session:/ })).toBeNull()
})

test.each([['dark'], [{ theme: 'dark' }]] as const)(
  'sessionDevtoolsPlugin() puts the panel into TanStack Devtools, in their theme: %j',
  async (given) => {
    const { id, name, render: renderPlugin } = sessionDevtoolsPlugin()
    expect([id, name]).toEqual(['storefront-session', 'Session'])
    const client = page.session.open()
    render(<SessionProvider client={client}>{renderPlugin(document.body, given)}</SessionProvider>)
    await act(() => client.ready())
    expect(screen.getByRole('region', { name: 'Session devtools' }).getAttribute('data-theme')).toBe('dark')
  },
)

test.each([[SessionDevtools], [SessionDevtoolsPanel]])('outside a provider %o says so', (Devtools) => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  expect(() => render(<Devtools />)).toThrow('<SessionProvider>')
  vi.restoreAllMocks()
})

test('F68: server and first client rendering agree, also where the devtools are open', async () => {
  const app = (
    <StrictMode>
      <SessionProvider baseUrl={page.session.api.baseUrl}>
        <SessionDevtools initialIsOpen nonce="n1" />
      </SessionProvider>
    </StrictMode>
  )
  const element = document.createElement('div')
  // React 18 complains of layout effects when it renders to text beside a document, as only a test does.
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  element.innerHTML = renderToString(app)
  errors.mockClear()
  document.body.append(element)
  const problems: unknown[] = []
  const hydrated = await act(async () =>
    hydrateRoot(element, app, { onRecoverableError: (error) => problems.push(error) }),
  )
  await screen.findByText('Session: ready')
  expect(problems).toEqual([])
  expect(errors).not.toHaveBeenCalled()
  act(() => hydrated.unmount())
  element.remove()
})

test('the style says the same on a server with React 18, which escapes some characters', () => {
  expect(STYLE).not.toMatch(/[<>&"']/)
})

test('the devtools stand also where the browser refuses BroadcastChannel, as Firefox does with cookies blocked', () => {
  vi.stubGlobal('BroadcastChannel', function refuse() {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  })
  page.show(page.session.open(), { initialIsOpen: true })
  expect(rowsOf('Tabs')).toHaveLength(1)
  expect(isAlive()).toBe(true)
  vi.unstubAllGlobals()
})
