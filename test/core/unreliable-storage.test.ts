import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

const blocked = () => {
  throw new DOMException('blocked', 'SecurityError')
}
test.each(['resume after freeze', 'start after stop', 'open page'])(
  'a storage that begins to throw means memory, and no withdrawal of consent: %s',
  async (how) => {
    const browser = openBrowser()
    const page = browser.open()
    page.client.start()
    await page.client.ready()
    await quiet()
    if (how.startsWith('resume')) page.happen('freeze')
    if (how.startsWith('start')) page.client.stop()
    await quiet()
    Object.assign(browser.storage, { getItem: blocked, setItem: blocked, removeItem: blocked })
    if (how.startsWith('resume')) page.happen('resume')
    else if (how.startsWith('start')) page.client.start()
    else page.happen('visibilitychange')
    await quiet()
    expect(page.client.getState()).toMatchObject({ status: 'ready' })
  },
)

test('a storage that has room again gets the id with its mark, so that the next tab makes no second session', async () => {
  const browser = openBrowser()
  browser.storage.fault = 'throws'
  const a = browser.open()
  a.client.start()
  const { sessionId } = await a.client.ready()
  await quiet()
  browser.storage.fault = undefined
  await a.client.associate({ visitId: 'v1' })
  await quiet()
  expect(browser.storage.values.get('storefront-session:at')).toContain(sessionId)
  browser.asked()
  const b = browser.open()
  b.client.start()
  expect((await b.client.ready()).sessionId).toBe(sessionId)
  expect(browser.asked()).toEqual([])
})
