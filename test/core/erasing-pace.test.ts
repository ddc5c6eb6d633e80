import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

const busy = (call: string) =>
  call.startsWith('DELETE') ? new Response('', { status: 429, headers: { 'retry-after': '60' } }) : undefined
const deletes = (asked: string[]) => asked.filter((one) => one.startsWith('DELETE'))

test('a Retry-After of an erasure is obeyed also where the client is stopped and started', async () => {
  const browser = openBrowser()
  browser.setFault(busy)
  const { client } = browser.open({ eraseOnServer: true })
  client.start()
  await client.ready()
  await client.reset()
  await quiet()
  expect(deletes(browser.asked())).toHaveLength(1)
  for (let time = 0; time < 5; time++) {
    client.stop()
    client.start()
    await quiet()
  }
  expect(deletes(browser.asked())).toEqual([])
  client.stop()
})

test('a Retry-After of an erasure is obeyed also where another session is left, and that one is erased at once', async () => {
  const browser = openBrowser()
  browser.setFault(busy)
  const { client } = browser.open({ eraseOnServer: true })
  client.start()
  await client.ready()
  await client.reset()
  await quiet()
  const [first] = deletes(browser.asked())
  await client.reset()
  await quiet()
  const next = deletes(browser.asked())
  expect(next).toHaveLength(1)
  expect(next).not.toContain(first)
  client.stop()
})
