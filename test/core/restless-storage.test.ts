import { expect, test } from 'vitest'
import { openBrowser } from './support/client-page.ts'

test('a storage that holds another id at every look costs 14 requests in 16 seconds at most', async () => {
  const browser = openBrowser()
  const { storage } = browser
  // A network takes time: otherwise a client that asks without end would never let this test end.
  browser.setFault(() => new Promise((resolve) => setTimeout(resolve, 1, undefined)))
  let looks = 0
  const restless = {
    ...storage,
    getItem(key: string) {
      return key === 'storefront-session' ? `session-of-look-${++looks}` : storage.getItem(key)
    },
  }
  const { client } = browser.open({}, { storage: () => restless })
  client.start()
  void client.associate({ visitId: 'v1' })
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(browser.sent.length).toBeLessThanOrEqual(14)
  client.stop()
})
