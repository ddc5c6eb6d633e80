import { memoryStore, type RunningServer, serve } from 'storefront-session/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createAnswerCheck } from './support/openapi.ts'
import { openConnection } from './support/raw-connection.ts'

const PUT = 'PUT /sessions/new HTTP/1.1\r\nHost: x\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n'
const JSON_TYPE = 'Content-Type: application/json\r\n'

const check = createAnswerCheck()
let server: RunningServer | undefined
afterEach(() => server?.stop())

/** Serves, and gives the port. */
async function start(requestTimeoutMs?: number): Promise<number> {
  server = await serve({ store: memoryStore(), host: '127.0.0.1', port: 0, metrics: false, requestTimeoutMs })
  return Number(new URL(server.url).port)
}

const create = async () => (await fetch(`${server?.url}/sessions/new`, { method: 'PUT' })).status

describe('a request that HTTP clients do not send', () => {
  test.each([
    ['two lengths', `${PUT}${JSON_TYPE}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      'a length and chunks',
      `${PUT}${JSON_TYPE}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['an unknown coding', `${PUT}${JSON_TYPE}Transfer-Encoding: chunked, x\r\n\r\n{}`],
    ['a negative length', `${PUT}${JSON_TYPE}Content-Length: -1\r\n\r\n`],
    ['a chunk without a length', `${PUT}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ['a header over two lines', `${PUT}gkc_customerId: a\r\n b\r\n\r\n`],
    ['a header with a null', `${PUT}gkc_customerId: a\0b\r\n\r\n`],
    ['a space before the colon', `${PUT}Content-Length : 2\r\n\r\n{}`],
    ['no Host', 'PUT /sessions/new HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a header of 100 KB', `${PUT}gkc_customerId: ${'a'.repeat(100_000)}\r\n\r\n`],
  ])('F143: %s: it is refused, its connection ends, others go on', async (_, bytes) => {
    const connection = await openConnection(await start())
    connection.send(bytes)
    expect(await connection.closed).toMatch(/^HTTP\/1.1 4\d\d /)
    expect(await create()).toBe(200)
  })

  test.each([
    ['no Host', 'PUT /sessions/new HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 1],
    ['invalid HTTP', `${PUT}Content-Length: -1\r\n\r\n`, 400, 1],
    ['a head of 100 KB', `${PUT}gkc_customerId: ${'a'.repeat(100_000)}\r\n\r\n`, 431, 1],
    ['chunks of 100 KB of extensions', `${PUT}${CHUNKED}\r\n1;${'a'.repeat(100_000)}\r\n`, 413, 4],
    ['a head that does not end', PUT, 408, 1],
    ['a body that does not end', `${PUT}${JSON_TYPE}Content-Length: 2\r\n\r\n{`, 408, 1],
  ])('%s: the answer is JSON like any other error', async (_, bytes, status, statusCode) => {
    const connection = await openConnection(await start(1_000))
    connection.send(bytes)
    const [head = '', body = ''] = (await connection.closed).split('\r\n\r\n')
    expect(head).toMatch(
      new RegExp(`^HTTP/1.1 ${status} .*application/json.*no-store.*connection: close`, 'is'),
    )
    expect(JSON.parse(body)).toEqual({ statusCode, description: expect.any(String) })
    expect(head).toContain(`content-length: ${body.length}`)
    const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' })
    expect(check({ method: 'PUT', target: '/sessions/new', status, headers, text: body })).toBeNull()
  })

  test('bytes that follow a whole answer are refused behind it, and not within it', async () => {
    const connection = await openConnection(await start())
    connection.send(`${PUT}\r\n`)
    await connection.receives(/"statusCode":0/)
    connection.send('nonsense\r\n\r\n')
    expect(await connection.closed).toMatch(
      /^HTTP\/1.1 200 .*"statusCode":0.*}HTTP\/1.1 400 .*"statusCode":1/s,
    )
  })

  test('a whole request is answered before invalid bytes behind it in the same packet are refused', async () => {
    const connection = await openConnection(await start())
    connection.send(`${PUT}\r\nnonsense\r\n\r\n`)
    expect(await connection.closed).toMatch(
      /^HTTP\/1.1 200 .*"statusCode":0.*}HTTP\/1.1 400 .*"statusCode":1/s,
    )
  })

  test('an unknown expectation is ignored', async () => {
    const connection = await openConnection(await start())
    connection.send(`${PUT}Expect: the-unexpected\r\nConnection: close\r\n\r\n`)
    expect(await connection.closed).toMatch(/^HTTP\/1.1 200 /)
  })

  test('F143: HTTP/1.0 is answered, and its connection ends', async () => {
    const connection = await openConnection(await start())
    connection.send('PUT /sessions/new HTTP/1.0\r\n\r\n')
    expect(await connection.closed).toMatch(/^HTTP\/1.1 200 /)
  })

  test('F113: a body longer than its Content-Length is cut there: the rest is no request', async () => {
    const connection = await openConnection(await start())
    connection.send(`${PUT}${JSON_TYPE}Content-Length: 2\r\n\r\n{}${'x'.repeat(100_000)}`)
    expect(await connection.closed).toMatch(/HTTP\/1.1 400 .*connection: close/is)
    expect(await create()).toBe(200)
  })

  test('F113: a Content-Length beyond the limit is refused before a byte of the body', async () => {
    const connection = await openConnection(await start())
    connection.send(`${PUT}${JSON_TYPE}Content-Length: 1000000000000\r\n\r\n`)
    expect(await connection.closed).toMatch(/^HTTP\/1.1 413 .*connection: close.*"statusCode":4/is)
  })

  test('F113: endless chunks end with 413, however small they are', async () => {
    const connection = await openConnection(await start())
    connection.send(`${PUT}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n`)
    const feed = setInterval(
      () => connection.send('1000\r\n'.concat('a'.repeat(4_096), '\r\n').repeat(20)),
      1,
    )
    const answer = await connection.closed
    clearInterval(feed)
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })

  test('F113: chunks beyond the limit are refused at once, though no end of them comes', async () => {
    const connection = await openConnection(await start())
    connection.send(`${PUT}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n4001\r\n${'a'.repeat(16_385)}\r\n`)
    expect(await connection.receives(/"statusCode"/)).toMatch(
      /^HTTP\/1.1 413 .*connection: close.*"statusCode":4/is,
    )
    await connection.closed
  })

  test('a visitor who goes away in the middle of a body does not hold up others', async () => {
    const port = await start()
    for (let visitor = 0; visitor < 50; visitor++) {
      const connection = await openConnection(port)
      connection.send(`${PUT}${JSON_TYPE}Content-Length: 100\r\n\r\n{`)
      connection.destroy()
    }
    expect(await create()).toBe(200)
  })
})

describe('a client that is slow', () => {
  test('F114: a byte at a time, in head or body: 500 slow clients do not hold up others, and are cut off', async () => {
    const port = await start(1_000)
    const connections = await Promise.all(Array.from({ length: 500 }, () => openConnection(port)))
    const heads = [PUT, `${PUT}${JSON_TYPE}Content-Length: 1000\r\n\r\n`]
    connections.forEach((connection, index) => {
      connection.send(heads[index % 2] ?? '')
    })
    const drip = setInterval(() => {
      for (const connection of connections) if (!connection.isClosed()) connection.send('a')
    }, 100)
    const times: number[] = []
    await vi.waitUntil(
      async () => {
        const begin = performance.now()
        expect(await create()).toBe(200)
        times.push(performance.now() - begin)
        return connections.every((connection) => connection.isClosed())
      },
      { timeout: 10_000, interval: 10 },
    )
    clearInterval(drip)
    expect(Math.max(...times)).toBeLessThan(1_000)
    for (const connection of connections) expect(await connection.closed).toMatch(/^(HTTP\/1.1 408 |$)/)
  })
})
