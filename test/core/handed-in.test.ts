import { describe, expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

const handed = { sessionId: 'stored-0' }

describe('a session that the app hands in', () => {
  test('is not written where another tab has forgotten it', async () => {
    const browser = openBrowser()
    browser.store('stored-0', 1000)
    const a = browser.open({ initialSession: handed })
    const b = browser.open()
    b.client.start()
    await quiet()
    b.client.forget()
    await quiet()
    expect([...browser.storage.values]).toEqual([])
    a.client.start()
    await quiet()
    expect({
      status: a.client.getState().status,
      kept: [...browser.storage.values.keys()],
      asked: browser.asked(),
    }).toEqual({
      status: 'disabled',
      kept: [],
      asked: [],
    })
  })

  test('does not come back with a new consent after forget() without consent', async () => {
    const browser = openBrowser()
    const a = browser.open({ initialSession: handed, enabled: false })
    a.client.start()
    a.client.forget()
    await quiet()
    a.client.setEnabled(true)
    await quiet()
    expect(a.client.getState().sessionId).not.toBe('stored-0')
  })

  test('is erased on the server by forget() without consent', async () => {
    const browser = openBrowser()
    browser.setFault((call) => (call.startsWith('DELETE') ? new Response(null, { status: 204 }) : undefined))
    const a = browser.open({ initialSession: handed, enabled: false, eraseOnServer: true })
    a.client.start()
    a.client.forget()
    await quiet()
    expect(browser.asked()).toEqual(['DELETE /api/sessions/stored-0'])
  })

  test('does not come back with a new consent after forget() before the start', async () => {
    const browser = openBrowser()
    const a = browser.open({ initialSession: handed })
    a.client.forget()
    a.client.setEnabled(true)
    a.client.start()
    await quiet()
    expect(a.client.getState().sessionId).not.toBe('stored-0')
  })

  test.each([true, false])(
    'is not brought back where another tab has signed out; the page has looked before: %s',
    async (isLooking) => {
      const browser = openBrowser()
      browser.store('stored-0', 1000)
      const a = browser.open({ initialSession: { ...handed, customerId: 'ada' } })
      const b = browser.open()
      b.client.start()
      await quiet()
      const { sessionId } = await b.client.reset()
      if (isLooking) expect(a.client.getState().sessionId).not.toBe('stored-0')
      a.client.start()
      await quiet()
      expect([a.client.getState().sessionId, b.client.getState().sessionId]).toEqual([sessionId, sessionId])
    },
  )

  test('takes along a customer who was accepted before and is its own: nothing is left', async () => {
    const browser = openBrowser()
    browser.storage.values.set('storefront-session:customerId', ' ada')
    const page = browser.open({ initialSession: { ...handed, customerId: 'ada' } })
    page.client.start()
    await quiet()
    expect(page.events()).not.toContain('reset')
    expect(page.client.getState().sessionId).toBe(handed.sessionId)
  })
})
