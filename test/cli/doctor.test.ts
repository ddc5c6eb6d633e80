import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createSessionHandler, memoryStore, toNodeListener } from 'storefront-session/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { withCommandLine } from './support/command-line.ts'
import { type Told, withDoctor } from './support/examination.ts'
import { withServers } from './support/standing-server.ts'

vi.setConfig({ testTimeout: 30_000 })

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl)
  console.warn('Skipped: the doctor before a self-signed certificate, because openssl is not installed')

const command = withCommandLine()
const examine = withDoctor(command)
const servers = withServers()

/** Our own API behind a self-signed certificate. */
async function selfSigned(): Promise<{ port: number }> {
  const file = (name: string) => `${command.folder()}/${name}`
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=localhost',
  ]
  execFileSync(
    'openssl',
    ['req', '-x509', ...kind, '-keyout', file('key.pem'), '-out', file('certificate.pem')],
    { stdio: 'ignore' },
  )
  const server = createServer(
    { key: readFileSync(file('key.pem')), cert: readFileSync(file('certificate.pem')) },
    toNodeListener(createSessionHandler({ store: memoryStore() })),
  )
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is always an object.
  return server.address() as AddressInfo
}

const SHOP = 'https://shop.example'
const NEEDED_HEADERS = 'content-type, gkc_customerid'

const verdicts = (of: Record<string, Told>) =>
  Object.fromEntries(Object.entries(of).map(([check, { verdict }]) => [check, verdict]))

describe('doctor', () => {
  test('finds nothing to remedy on our own server that may erase', async () => {
    const { url } = await servers.ours([SHOP], { deletable: true })
    const { code, of } = await examine(url, '--origin', SHOP)
    expect(code).toBe(0)
    expect(new Set(Object.values(verdicts(of)))).toEqual(new Set(['ok']))
  })

  test('says for people what it says for programs', async () => {
    const { url } = await servers.ours()
    const { code, stdout } = await command.run(['doctor', url])
    expect(code).toBe(0)
    expect(stdout).toContain('PUT /sessions/new made a session (HTTP 20')
    expect(stdout).toContain('gkc_customerId')
  })

  test('F58, F159: tells a server without CORS for the given origin, which is a fault', async () => {
    const { url } = await servers.ours()
    const { code, of } = await examine(url, '--origin', SHOP)
    expect(code).toBe(1)
    expect(of.cors?.verdict).toBe('fault')
  })

  /** Our own API with the CORS of a proxy, which leaves out some answers. */
  const withCors = (
    isReadable: (request: Request, answer: Response) => boolean,
    headers = NEEDED_HEADERS,
    methods = 'GET, PUT, POST',
  ) =>
    servers.changed((answer, request) => {
      const isPreflight = request.method === 'OPTIONS'
      if (isPreflight || isReadable(request, answer)) answer.headers.set('access-control-allow-origin', SHOP)
      if (isPreflight) {
        answer.headers.set('access-control-allow-methods', methods)
        answer.headers.set('access-control-allow-headers', headers)
      }
      return answer
    })

  test.each<[string, (request: Request, answer: Response) => boolean]>([
    ['PUT', ({ method }) => method !== 'PUT'],
    ['POST', ({ method }) => method !== 'POST'],
    ['GET', ({ method }, { ok }) => method !== 'GET' || !ok],
    ['GET of an unknown id', (_, { ok }) => ok],
  ])('tells that pages can not read the answer to %s', async (request, isReadable) => {
    const { url } = await withCors(isReadable)
    const { code, of } = await examine(url, '--origin', SHOP)
    expect(code).toBe(1)
    expect(of.cors).toMatchObject({
      verdict: 'fault',
      finding: `Pages of ${SHOP} may not use the API: the answer to ${request} has no Access-Control-Allow-Origin for it`,
      remedy: expect.stringContaining('always'),
    })
  })

  test.each([
    ['which the API does not name', NEEDED_HEADERS, 'X-Api-Key'],
    ['which * does not mean', '*', 'Authorization'],
  ])('asks in the preflight for the headers of --header, %s', async (_, allowed, name) => {
    const { url } = await withCors(() => true, allowed)
    expect((await examine(url, '--origin', SHOP)).of.cors?.verdict).toBe('ok')
    const { code, of } = await examine(url, '--origin', SHOP, '--header', `${name}: 1`)
    expect(code).toBe(1)
    expect(of.cors?.finding).toContain(`the header ${name.toLowerCase()} is not allowed for PUT`)
  })

  test('tells a method in lower case, which browsers do not take for the same', async () => {
    const { url } = await withCors(() => true, NEEDED_HEADERS, 'put, post')
    const { code, of } = await examine(url, '--origin', SHOP)
    expect(code).toBe(1)
    expect(of.cors?.finding).toMatch(/: the method PUT is not allowed, only put, .* upper case$/)
  })

  test.each([
    ['PUT alone, since POST needs no leave', NEEDED_HEADERS, 'PUT'],
    ['any method', NEEDED_HEADERS, '*'],
    ['headers in upper case', NEEDED_HEADERS.toUpperCase(), 'PUT'],
  ])('finds no fault in a preflight that allows %s', async (_, headers, methods) => {
    const { url } = await withCors(() => true, headers, methods)
    expect((await examine(url, '--origin', SHOP)).of.cors?.verdict).toBe('ok')
  })

  test('says that our own server allows no header more, whatever its settings', async () => {
    const { url } = await servers.ours([SHOP])
    const all = ['gkc_agentId: 7', 'Authorization: Bearer 7'].flatMap((header) => ['--header', header])
    expect((await examine(url, '--origin', SHOP, ...all)).of.cors?.verdict).toBe('ok')
    const { code, of } = await examine(url, '--origin', SHOP, ...all, '--header', 'X-Api-Key: 1')
    expect(code).toBe(1)
    expect(of.cors).toMatchObject({
      finding: expect.stringContaining('the header x-api-key is not allowed'),
      remedy: expect.stringMatching(/allows only content-type, gkc_customerid, gkc_agentid, authorization: /),
    })
    expect(of.cors?.remedy).not.toContain('--cors-origin')
  })

  test('does not ask for a header that needs no leave', async () => {
    const { url } = await servers.ours([SHOP])
    const { of } = await examine(url, '--origin', SHOP, '--header', 'Accept-Language: de')
    expect(of.cors?.verdict).toBe('ok')
  })

  test('tells a server that creates a session on GET', async () => {
    const { url } = await servers.changed((answer, request) =>
      request.method === 'GET' && answer.status === 404
        ? Response.json({ statusCode: 0, response: { sessionId: 'made-by-a-mere-question' } })
        : answer,
    )
    const { code, of } = await examine(url)
    expect(code).toBe(0)
    expect(of['unknown-id']).toMatchObject({
      verdict: 'warning',
      finding: expect.stringMatching(/makes a new session silently/),
    })
  })

  test('reads a bare envelope, and says so', async () => {
    const { url } = await servers.changed(async (answer) =>
      answer.ok ? Response.json((await answer.json()).response) : answer,
    )
    const { code, of } = await examine(url)
    expect(code).toBe(0)
    expect(of.envelope).toMatchObject({ verdict: 'ok', finding: expect.stringMatching(/bare/) })
    expect(of.caching?.verdict).toBe('warning')
  })

  test('F157: tells a proxy that drops headers with underscores', async () => {
    const { url } = await servers.stand((request, response) => {
      // What arrives is an API that never sees the customer.
      const { method, url: path = '' } = request
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        const sessionId = method === 'PUT' ? 'session-behind-a-proxy' : path.split('/').at(-1)
        const isKnown = sessionId === 'session-behind-a-proxy'
        response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' })
        const ids = method === 'POST' ? JSON.parse(body) : {}
        response.end(
          JSON.stringify(
            isKnown ? { response: { sessionId, ...ids } } : { description: 'Session not found' },
          ),
        )
      })
    })
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.headers).toMatchObject({
      verdict: 'fault',
      remedy: expect.stringContaining('underscores_in_headers on;'),
    })
  })

  test('tells two servers with a store each, though POST makes the session on the second one', async () => {
    const listeners = [0, 1].map(() => toNodeListener(createSessionHandler({ store: memoryStore() })))
    let turn = 0
    const { url } = await servers.stand((request, response) =>
      listeners[turn++ % listeners.length]?.(request, response),
    )
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.associations).toMatchObject({ verdict: 'fault', cause: expect.stringMatching(/a store each/) })
  })

  test('tells an answer that is older than what was associated', async () => {
    let reads = 0
    const { url } = await servers.changed(async (answer, request) => {
      if (request.method !== 'GET' || !answer.ok || reads++ % 2) return answer
      const { visitId: _, ...response } = (await answer.json()).response
      return Response.json({ statusCode: 0, response })
    })
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.associations).toMatchObject({
      verdict: 'fault',
      finding: expect.stringMatching(/does not always show/),
    })
  })

  test('asks of a read no more than POST itself shows', async () => {
    const { url } = await servers.changed(async (answer, request) => {
      if (request.method !== 'POST') return answer
      const { sessionId } = (await answer.json()).response
      return Response.json({ statusCode: 0, response: { sessionId } })
    })
    const { code, of } = await examine(url)
    expect(code).toBe(0)
    expect(of.associations?.verdict).toBe('ok')
  })

  test('tells an answer to POST that is about another session', async () => {
    const { url } = await servers.changed((answer, request) =>
      request.method === 'POST'
        ? Response.json({ statusCode: 0, response: { sessionId: 'somebody-elses-session' } })
        : answer,
    )
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.associations).toMatchObject({
      verdict: 'fault',
      finding: expect.stringMatching(/another session/),
    })
  })

  test('tells a website from an API', async () => {
    const { url } = await servers.stand((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><title>Welcome</title>')
    })
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.reachability?.finding).toMatch(/page of HTML/)
  })

  test('names what keeps it from a port where nothing listens', async () => {
    const { url, close } = await servers.stand((_, response) => response.end())
    await close()
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.reachability?.finding).toContain('ECONNREFUSED')
    expect(of.reachability?.cause).toMatch(/Nothing listens/)
  })

  test('names a connection that a listening server cuts', async () => {
    const { url } = await servers.stand(({ socket }) => void socket.destroy())
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.reachability).toMatchObject({
      cause: expect.stringMatching(/ends the connection/),
      remedy: expect.stringContaining('https://'),
    })
  })

  test('names https at a port that speaks plain http', async () => {
    const { url } = await servers.ours()
    const { code, of } = await examine(url.replace('http:', 'https:'))
    expect(code).toBe(1)
    expect(of.reachability).toMatchObject({
      cause: expect.stringMatching(/no TLS/),
      remedy: expect.stringContaining('http://'),
    })
  })

  test.runIf(hasOpenssl)('names a self-signed certificate, and the port for https', async () => {
    const { port } = await selfSigned()
    const { code, of } = await examine(`https://127.0.0.1:${port}`)
    expect(code).toBe(1)
    expect(of.reachability).toMatchObject({
      cause: expect.stringMatching(/certificate/),
      remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
    const plain = await examine(`http://127.0.0.1:${port}`)
    expect(plain.of.reachability?.remedy).toContain('https://')
  })

  test.each([
    ['says so', { statusCode: 17, description: 'Tenant is required' }, 200],
    ['fails', { statusCode: 8, description: 'Tenant is required' }, 500],
  ])('shows what an API describes that %s', async (_, error, status) => {
    const { url } = await servers.changed(() => Response.json(error, { status }))
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.reachability?.finding).toContain('"Tenant is required"')
  })

  test('tells a GET that gets no answer from one that does not find the session', async () => {
    const listener = toNodeListener(createSessionHandler({ store: memoryStore() }))
    const { url } = await servers.stand((request, response) => {
      if (request.method !== 'GET') listener(request, response)
    })
    const { code, of } = await examine(url, '--timeout', '200')
    expect(code).toBe(1)
    expect(of.associations).toMatchObject({
      verdict: 'fault',
      finding: expect.stringContaining('no answer: TIMEOUT'),
    })
    expect(of.associations?.cause).not.toContain('store each')
    expect(of['unknown-id']).toMatchObject({
      verdict: 'fault',
      finding: expect.stringContaining('no answer: TIMEOUT'),
    })
    expect(of.caching?.verdict).toBe('skipped')
  })

  test('tells a POST that gets no answer', async () => {
    const listener = toNodeListener(createSessionHandler({ store: memoryStore() }))
    const { url } = await servers.stand((request, response) => {
      if (request.method !== 'POST') listener(request, response)
    })
    const { of } = await examine(url, '--timeout', '200')
    expect(of.associations).toMatchObject({
      verdict: 'fault',
      finding: expect.stringContaining('no answer: TIMEOUT'),
    })
  })

  test.each(['gzip', 'deflate', 'br'])(
    'names a body that is not in the %s that it claims to be',
    async (coding) => {
      const { url } = await servers.changed((answer) => {
        answer.headers.set('content-encoding', coding)
        return answer
      })
      const { code, of } = await examine(url)
      expect(code).toBe(1)
      expect(of.reachability).toMatchObject({
        finding: expect.stringMatching(/HTTP 20., but no whole body: /),
        cause: expect.stringMatching(/compression/),
        remedy: expect.stringContaining('Content-Encoding'),
      })
    },
  )

  test.each([
    [401, 'text/html'],
    [403, 'application/json'],
  ])('tells a GET that needs credentials (HTTP %i, %s) from several servers', async (status, type) => {
    const { url } = await servers.changed((answer, { method }) =>
      method === 'GET' ? new Response('{}', { status, headers: { 'content-type': type } }) : answer,
    )
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    for (const check of ['associations', 'unknown-id'])
      expect(of[check]).toMatchObject({
        verdict: 'fault',
        finding: expect.stringContaining(`HTTP ${status}`),
        cause: expect.stringMatching(/credentials.*PUT/),
        remedy: expect.stringContaining('--header'),
      })
  })

  test('tells an API behind credentials, whose refusal is a page of HTML, from a website', async () => {
    const { url } = await servers.changed(
      () => new Response('<h1>401</h1>', { status: 401, headers: { 'content-type': 'text/html' } }),
    )
    const { of } = await examine(url)
    expect(of.reachability?.cause).toMatch(/credentials/)
    expect(of.reachability?.remedy).toContain('--header')
  })

  test.each([
    ['public, max-age=60, no-cache="set-cookie"', 'warning'],
    ['Private="x-id, no-store", max-age=60', 'warning'],
    ['max-age=60', 'warning'],
    ['x-no-store', 'warning'],
    ['No-Store', 'ok'],
    ['max-age=0, private', 'ok'],
    ['no-cache,ext="\\",public"', 'ok'],
  ])('takes Cache-Control: %s for %s', async (policy, verdict) => {
    const { url } = await servers.changed((answer) => {
      answer.headers.set('cache-control', policy)
      return answer
    })
    expect((await examine(url)).of.caching).toMatchObject({
      verdict,
      finding: `Cache-Control is "${policy}"`,
    })
  })

  test('names a port that fetch itself refuses', async () => {
    const { of } = await examine('http://127.0.0.1:1')
    expect(of.reachability?.finding).toContain('bad port')
  })

  test('waits no longer than --timeout', async () => {
    const { url } = await servers.stand(() => undefined)
    const { code, of } = await examine(url, '--timeout', '200')
    expect(code).toBe(1)
    expect(of.reachability?.finding).toContain('no answer in time')
  })

  test.each([
    [[], 'exactly one URL'],
    [['not a url'], 'http or https URL'],
    [['http://a', 'http://b'], 'exactly one URL'],
    [['http://a', '--timeout', 'soon'], '--timeout must be'],
    [['http://a/v1?tenantId=acme'], '--tenant'],
    [['http://me:secret@a/v1'], '--header'],
    [['me:secret@a/v1'], 'http or https URL'],
    [['http://a', '--header', 'Authorization: Bearer secret…'], '--header Authorization'],
    [['http://a', '--header', 'é: secret'], '--header é'],
    [['http://a', '--header', 'secret'], '--header must look like'],
  ])('refuses the command line %j with 2', async (args, message) => {
    const { code, stdout, stderr } = await command.run(['doctor', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^storefront-session: .*\n$/)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('secret')
  })
})
