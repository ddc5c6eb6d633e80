import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { SessionProvider, useAssociate, useSession } from 'storefront-session'
import { createSessionClient } from 'storefront-session/core'
import { expect, test, vi } from 'vitest'

const Shop = () => {
  const { status } = useSession()
  const sessionId = useSession((session) => session.sessionId)
  useAssociate({ customerId: 'ada' })
  return createElement('p', null, `${status} ${sessionId}`)
}
const page = (options: object) =>
  renderToString(
    createElement(SessionProvider, { baseUrl: 'https://shop.test/api', ...options }, createElement(Shop)),
  )

test('there is no window here', () => {
  expect(typeof window).toBe('undefined')
})

test('F68, F109: every entry can be imported on a server', async () => {
  await import('storefront-session/server')
  await import('storefront-session/vite')
  await import('storefront-session/testing')
  await import('storefront-session/msw')
  await import('storefront-session/devtools')
  const { readVisitIds } = await import('storefront-session/web-engagement')
  expect(await readVisitIds()).toEqual({})
})

test('F68: a server renders the pending state, or the session that it was given, and shares nothing between requests', () => {
  const errors = vi.spyOn(console, 'error')
  expect(page({ initialSession: { sessionId: 'of-one-visitor' } })).toBe('<p>ready of-one-visitor</p>')
  expect(page({})).toBe('<p>pending null</p>')
  expect(page({ enabled: false })).toBe('<p>disabled null</p>')
  expect(errors).not.toHaveBeenCalled()
  errors.mockRestore()
})

test('on a server no session is created: ready() gives the initial one or rejects', async () => {
  const fetch = () => Promise.reject(new Error('a request on a server'))
  const options = { baseUrl: 'https://shop.test/api', fetch }
  await expect(createSessionClient(options).ready()).rejects.toMatchObject({ code: 'disabled' })
  const initialSession = { sessionId: 'of-one-visitor' }
  const client = createSessionClient({ ...options, initialSession })
  expect([await client.ready(), await client.queryOptions.queryFn()]).toEqual([
    initialSession,
    initialSession,
  ])
})

test('on a server, too, there is no session without consent', async () => {
  const sent: unknown[] = []
  const client = createSessionClient({
    baseUrl: 'https://shop.test/api',
    enabled: false,
    initialSession: { sessionId: 'of-one-visitor' },
    fetch: async (input) => {
      sent.push(input)
      return new Response()
    },
  })
  await client.fetch('https://shop.test/api/help')
  expect(sent).toEqual(['https://shop.test/api/help'])
  await expect(client.ready()).rejects.toMatchObject({ code: 'disabled' })
  await expect(client.queryOptions.queryFn()).rejects.toMatchObject({ code: 'disabled' })
})
