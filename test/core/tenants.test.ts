import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

const withTenant = (tenantId: string) => ({ tenantId })

test('the key of a session is told by its tenant, where the app gives none', async () => {
  for (const [options, key] of [
    [{}, 'storefront-session'],
    [withTenant('lamps'), 'storefront-session@lamps'],
    [withTenant('lamps & more/été'), `storefront-session@${encodeURIComponent('lamps & more/été')}`],
    [{ ...withTenant('lamps'), storageKey: 'mine' }, 'mine'],
  ] as const) {
    const browser = openBrowser()
    const { sessionId } = await browser.open(options).client.ready()
    expect([...browser.storage.values.keys()].sort()).toEqual([key, `${key}:at`])
    expect(browser.storage.values.get(key)).toBe(sessionId)
  }
})

test('F184: tenants of one origin have a session each, and keep it', async () => {
  const browser = openBrowser()
  const visit = async () => {
    const pages = [browser.open(), browser.open(withTenant('a')), browser.open(withTenant('b'))]
    for (const { client } of pages) client.start()
    const ids = await Promise.all(pages.map(async ({ client }) => (await client.ready()).sessionId))
    await quiet()
    for (const { client } of pages) client.stop()
    return ids
  }
  const ids = await visit()
  expect(new Set(ids).size).toBe(3)
  expect(await visit()).toEqual(ids)
})

test('F184: a tenant is not left, forgotten, or told of, with another one', async () => {
  const browser = openBrowser()
  const [one, two] = [browser.open(withTenant('a')), browser.open(withTenant('b'))]
  for (const { client } of [one, two]) {
    client.start()
    await client.ready()
  }
  await two.client.associate({ customerId: 'ada' })
  await quiet()
  const state = two.client.getState()
  two.events()
  await one.client.associate({ customerId: 'bob' })
  await one.client.reset()
  await quiet()
  one.client.forget()
  // Storage events tell of all keys.
  for (const key of ['storefront-session@a', 'storefront-session@a:at'])
    two.happen('storage', { key, newValue: null })
  await quiet()
  expect(two.client.getState()).toBe(state)
  expect(two.events()).toEqual([])
  expect(browser.storage.values.get('storefront-session@b')).toBe(state.sessionId)
})

test('F184: what waits to be sent for one tenant is not sent for another one', async () => {
  const browser = openBrowser()
  browser.setFault(() => new Response('', { status: 503 }))
  const one = browser.open(withTenant('a'))
  void one.client.associate({ customerId: 'ada' })
  await quiet()
  one.client.stop()
  browser.setFault(undefined)
  browser.sent.length = 0
  const two = browser.open(withTenant('b'))
  two.client.start()
  await two.client.ready()
  await quiet()
  expect(browser.sent.map(({ headers }) => headers.get('gkc_customerId')).filter(Boolean)).toEqual([])
})
