import {
  createSessionHandler,
  memoryStore,
  type SessionStore,
  toNodeListener,
} from 'storefront-session/server'
import { afterEach, describe, expect, test } from 'vitest'
import { listen, type NodeServer } from './support/node-server.ts'
import { watchUnhandled } from './support/unhandled.ts'

let opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.map((server) => server.close()))
  opened = []
})

async function open(listener: Parameters<typeof listen>[0]): Promise<NodeServer> {
  const server = await listen(listener)
  opened.push(server)
  return server
}

describe('toNodeListener behind something that answered first', () => {
  test('leaves an answer as it is, and the process alive', async () => {
    const unhandled = watchUnhandled()
    let answer = () => undefined
    const store: SessionStore = {
      ...memoryStore(),
      create: (ids, ttlMs) =>
        new Promise((resolve) => {
          answer = () => void resolve(memoryStore().create(ids, ttlMs))
        }),
    }
    const listener = toNodeListener(createSessionHandler({ store }))
    const { url } = await open((request, response) => {
      listener(request, response)
      response.writeHead(504).end('too slow')
    })
    const got = await fetch(`${url}/sessions/new`, { method: 'PUT' })
    expect([got.status, await got.text()]).toEqual([504, 'too slow'])
    answer()
    expect(await unhandled()).toEqual([])
  })

  test('ends the connection where the response cannot be written, and nothing else', async () => {
    const unhandled = watchUnhandled()
    const listener = toNodeListener(createSessionHandler({ store: memoryStore() }))
    const { url } = await open((request, response) => {
      response.writeHead = () => {
        throw new Error('a hook of somebody else')
      }
      listener(request, response)
    })
    await expect(fetch(`${url}/sessions/new`, { method: 'PUT' })).rejects.toThrow()
    expect(await unhandled()).toEqual([])
  })
})
