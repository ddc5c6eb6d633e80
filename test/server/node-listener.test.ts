import { once } from 'node:events'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import {
  createSessionHandler,
  memoryStore,
  type SessionStore,
  toNodeListener,
} from 'storefront-session/server'
import { afterEach, describe, expect, test } from 'vitest'
import { listen, type NodeServer } from './support/node-server.ts'
import { watchUnhandled } from './support/unhandled.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

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

describe('toNodeListener in an HTTP/2 server', () => {
  /** Sends one request and gives status and body of its answer. */
  async function openHttp2(): Promise<(headers: object, body?: string) => Promise<[number, string]>> {
    const server = createServer(toNodeListener(createSessionHandler({ store: memoryStore() })))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    // A TCP server's address is always an object.
    const { port } = server.address() as AddressInfo
    const session = connect(`http://127.0.0.1:${port}`)
    opened.push({
      close: async () => {
        session.destroy()
        server.close()
        await once(server, 'close')
      },
    })
    return async (headers, body) => {
      const stream = session.request({ ':method': 'PUT', ':path': '/sessions/new', ...headers })
      stream.end(body)
      const [answer] = await once(stream, 'response')
      let text = ''
      for await (const chunk of stream) text += chunk
      return [answer[':status'], text]
    }
  }

  test('reads a body without Content-Length, which HTTP/2 needs for none', async () => {
    const ask = await openHttp2()
    const [status, text] = await ask(JSON_TYPE, '{"visitId":"v-1"}')
    expect([status, JSON.parse(text).response.visitId]).toEqual([200, 'v-1'])
    expect((await ask(JSON_TYPE, 'nonsense'))[0]).toBe(400)
    expect((await ask(JSON_TYPE, 'x'.repeat(40_000)))[0]).toBe(413)
  })

  test('needs no body, and takes one with its length', async () => {
    const ask = await openHttp2()
    expect((await ask({}))[0]).toBe(200)
    const [, text] = await ask({ ...JSON_TYPE, 'content-length': '17' }, '{"visitId":"v-1"}')
    expect(JSON.parse(text).response.visitId).toBe('v-1')
  })

  test('answers before a body that it does not want, without a word on the connection', async () => {
    const warnings: string[] = []
    const hear = (warning: Error) => warnings.push(warning.message)
    process.on('warning', hear)
    const ask = await openHttp2()
    expect((await ask({ ...JSON_TYPE, 'content-length': '40000' }, 'x'.repeat(40_000)))[0]).toBe(413)
    expect((await ask({ ...JSON_TYPE, ':path': '/elsewhere' }, 'x'.repeat(400)))[0]).toBe(404)
    expect((await ask({}))[0]).toBe(200)
    process.off('warning', hear)
    expect(warnings).toEqual([])
  })
})
