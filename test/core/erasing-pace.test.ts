import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

const busy = (call: string) =>
  call.startsWith('DELETE') ? new Response('', { status: 429, headers: { 'retry-after': '60' } }) : undefined

/** A page that has left one session, whose erasure the API puts off. */
async function leaveOne() {
  const browser = openBrowser()
  browser.setFault(busy)
  const { client } = browser.open({ eraseOnServer: true })
  const erasures = () => browser.asked().filter((one) => one.startsWith('DELETE'))
  client.start()
  await client.ready()
  await client.reset()
  await quiet()
  return { client, erasures, first: erasures() }
}

test('a Retry-After of an erasure is obeyed also where the client is stopped and started', async () => {
  const { client, erasures, first } = await leaveOne()
  expect(first).toHaveLength(1)
  for (let time = 0; time < 5; time++) {
    client.stop()
    client.start()
    await quiet()
  }
  expect(erasures()).toEqual([])
  client.stop()
})

test('a Retry-After of an erasure is obeyed also where another session is left, and that one is erased at once', async () => {
  const { client, erasures, first } = await leaveOne()
  await client.reset()
  await quiet()
  const next = erasures()
  expect(next).toHaveLength(1)
  expect(next).not.toContain(first[0])
  client.stop()
})
