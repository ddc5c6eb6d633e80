import type { SessionClient, SessionEvent } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { html } from '../support/tab-page.ts'
import { customerOf, idOf, type Visitor } from './support/visitor.ts'

declare const client: SessionClient
declare const events: SessionEvent[]

/** What client and server of a session do together, beside the documented calls. */
export function describeServerHalf(visitor: Visitor): void {
  const { open, openAtOnce, sharedId, sessionCalls } = visitor
  const read = async (id: string) => {
    const answer = await fetch(`${visitor.api.baseUrl}/sessions/${id}`)
    return answer.ok ? (await answer.json()).response : null
  }

  test('a visitor whose script storage is gone gets the same session back, for no request more', async () => {
    visitor.api.keepCookie()
    const first = await open('?resume')
    const id = await sharedId([first])
    await first.close()
    const elsewhere = await visitor.profile.open(visitor.site.elsewhere)
    await elsewhere.evaluate(() => localStorage.clear())
    const tab = await open('?resume')
    expect(await sharedId([tab])).toBe(id)
    expect(sessionCalls()).toEqual(['PUT /sessions/new', 'PUT /sessions/new'])
    expect(await tab.evaluate(() => events.map(({ type }) => type))).toEqual(['restored'])
  })

  test('the id is in the first byte of what a server renders, and not in a page that is the same for all', async () => {
    const sessions = visitor.api.keepCookie()
    const { pages } = visitor.api
    visitor.api.pages = (path, request) =>
      path === '/rendered'
        ? sessions.of(request).then((session) => html(`<title>${session?.sessionId ?? 'nobody'}</title>`))
        : pages?.(path, request)
    const tab = await open('?resume')
    const id = await sharedId([tab])
    const title = async (path: string) => {
      await tab.goto(`${visitor.api.origin}${path}`)
      return tab.evaluate(() => document.title)
    }
    expect(await title('/rendered')).toBe(id)
    expect(await title('/elsewhere')).toBe('elsewhere')
  })

  test('forget() erases the session on the server and takes its cookie, also where the page goes at once', async () => {
    visitor.api.keepCookie()
    const tab = await open('?resume')
    const id = await sharedId([tab])
    await tab.evaluate((elsewhere) => {
      client.forget()
      location.assign(elsewhere)
    }, visitor.site.elsewhere)
    await expect.poll(() => read(id), { timeout: 10_000 }).toBe(null)
    const next = await open('?resume')
    expect(await sharedId([next])).not.toBe(id)
  })

  test('the first customer gets a new id in every tab, and the old one is never tied to them', async () => {
    const tabs = await openAtOnce(3, '?rotate')
    const before = await sharedId(tabs)
    await tabs[1].evaluate(() => client.associate({ visitId: 'v1' }).then(() => undefined))
    await Promise.all(tabs.map((tab) => tab.evaluate(() => client.identify('ada'))))
    await expect
      .poll(() => Promise.all(tabs.map(customerOf)), { timeout: 10_000 })
      .toEqual(['ada', 'ada', 'ada'])
    await expect.poll(() => idOf(tabs[0]), { timeout: 10_000 }).not.toBe(before)
    const id = await sharedId(tabs)
    expect(await read(id)).toMatchObject({ customerId: 'ada', visitId: 'v1' })
    expect(await read(before)).not.toHaveProperty('customerId')
  })

  test.each([
    ['whether the new session was made or not', false],
    ['when no answer came', true],
  ])('a page that goes in the moment of the sign-in leaves it to the next page, %s', async (_, isStalled) => {
    const tab = await open('?rotate')
    const before = await sharedId([tab])
    if (isStalled)
      visitor.api.fault = ({ method }) => (method === 'PUT' ? new Promise(() => undefined) : undefined)
    await tab.evaluate((elsewhere) => {
      void client.associate({ customerId: 'ada', visitId: 'v1' })
      location.assign(elsewhere)
    }, visitor.site.elsewhere)
    // What names nobody does not wait for the new session.
    if (isStalled) await expect.poll(() => read(before), { timeout: 10_000 }).toMatchObject({ visitId: 'v1' })
    visitor.api.fault = undefined
    const next = await open('?rotate')
    await expect.poll(() => idOf(next), { timeout: 10_000 }).not.toBe(before)
    expect(await read(await sharedId([next]))).toMatchObject({ customerId: 'ada', visitId: 'v1' })
    expect(await read(before)).not.toHaveProperty('customerId')
  })

  test('what was reset is erased on the server', async () => {
    const tabs = await openAtOnce(2, '?erase')
    const before = await sharedId(tabs)
    await tabs[0].evaluate(() => client.reset().then(() => undefined))
    await expect.poll(() => read(before), { timeout: 10_000 }).toBe(null)
    expect(await sharedId(tabs)).not.toBe(before)
    expect(sessionCalls().filter((call) => call.startsWith('DELETE'))).toHaveLength(1)
  })
}
