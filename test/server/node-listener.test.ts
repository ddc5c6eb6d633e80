import { once } from 'node:events'
import { type ClientHttp2Session, connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import {
  createSessionHandler,
  memoryStore,
  type SessionStore,
  toNodeListener,
} from 'storefront-session/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { listen, type NodeServer } from './support/node-server.ts'
import { openConnection } from './support/raw-connection.ts'
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
        throw new Error('a hook of the app')
      }
      listener(request, response)
    })
    await expect(fetch(`${url}/sessions/new`, { method: 'PUT' })).rejects.toThrow()
    expect(await unhandled()).toEqual([])
  })
})

test('toNodeListener adds to the header Vary of a middleware before it', async () => {
  const cors = { origins: ['https://shop.example'] }
  const listener = toNodeListener(createSessionHandler({ store: memoryStore(), cors }))
  const { url } = await open((request, response) => {
    response.setHeader('Vary', 'Accept-Encoding')
    listener(request, response)
  })
  const { headers } = await fetch(`${url}/sessions/new`, { method: 'PUT' })
  expect(headers.get('vary')).toBe('Accept-Encoding, Origin')
})

test('toNodeListener ends with a visitor who left while something before it waited', async () => {
  const onRequest = vi.fn()
  const listener = toNodeListener(createSessionHandler({ store: memoryStore(), onRequest }))
  const { port } = await open((request, response) => {
    request.once('close', () => setTimeout(() => listener(request, response)))
  })
  const connection = await openConnection(port)
  connection.send('PUT /sessions/new HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{')
  await new Promise((resolve) => setTimeout(resolve, 20))
  connection.destroy()
  await vi.waitFor(() => expect(onRequest).toHaveBeenCalledWith(expect.objectContaining({ status: 400 })))
})

describe('toNodeListener in an HTTP/2 server', () => {
  async function openSession(): Promise<ClientHttp2Session> {
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
    return session
  }

  /** Sends one request and gives status and body of its answer. */
  async function openHttp2(): Promise<(headers: object, body?: string) => Promise<[number, string]>> {
    const session = await openSession()
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

  test('F113: reads no more of a body than it takes, however long that goes on', async () => {
    const session = await openSession()
    const stream = session.request({ ':method': 'PUT', ':path': '/sessions/new', ...JSON_TYPE })
    // A stream that was ended from the other side says so, and nothing is lost by it.
    stream.on('error', () => undefined)
    const chunk = Buffer.alloc(65_536, ' ')
    const feed = setInterval(() => {
      if (stream.writable && !stream.writableNeedDrain) stream.write(chunk)
    }, 1)
    const [answer] = await once(stream, 'response')
    stream.resume()
    await vi.waitUntil(() => stream.closed, { timeout: 2_000 })
    clearInterval(feed)
    expect(answer[':status']).toBe(413)
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
