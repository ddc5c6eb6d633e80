import type { SessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'
import type { Visitor } from './support/visitor.ts'

declare const client: SessionClient

/** What the middleware makes of a Request, whose body not every engine shows. */
export function describeRequests(visitor: Visitor): void {
  const { open, sharedId } = visitor

  for (const attach of ['query', 'header'])
    test(`F95, F96: as ${attach}, a Request arrives with its body, and what is answered with its caller`, async () => {
      const tab = await open(`?attach=${attach}`)
      const id = await sharedId([tab])
      visitor.api.fault = ({ path }) =>
        path.endsWith('/cart')
          ? Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
          : undefined
      const status = await tab.evaluate(async () => {
        const headers = { 'content-type': 'text/plain' }
        const request = new Request('/gks-server/v1/cart', { method: 'POST', headers, body: 'one lamp' })
        return (await client.fetch(request)).status
      })
      expect(status).toBe(404)
      const arrived = visitor.api.seen.filter(({ path }) => path.endsWith('/cart'))
      expect(arrived.length).toBeGreaterThan(0)
      for (const { body, headers, search } of arrived) {
        expect(body).toBe('one lamp')
        expect(headers['content-type']).toBe('text/plain')
        expect(headers.sessionid ?? new URLSearchParams(search).get('sessionId')).toBe(id)
      }
    })

  test('F95: a Request without a body stays one', async () => {
    const tab = await open()
    await sharedId([tab])
    await tab.evaluate(async () => {
      await client.fetch(new Request('/gks-server/v1/cart'))
      await client.fetch(new Request('/gks-server/v1/cart', { method: 'DELETE' }))
    })
    const arrived = visitor.api.seen.filter(({ path }) => path.endsWith('/cart'))
    expect(arrived.map(({ method, body }) => [method, body])).toEqual([
      ['GET', ''],
      ['DELETE', ''],
    ])
  })
}
