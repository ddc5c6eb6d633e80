import { createSessionHandler, memoryStore, toNodeListener } from 'storefront-session/server'
import { describe, expect, test, vi } from 'vitest'
import { withCommandLine } from './support/command-line.ts'
import { withDoctor } from './support/examination.ts'
import { withServers } from './support/standing-server.ts'

vi.setConfig({ testTimeout: 30_000 })

const SHOP = 'https://shop.example'
const command = withCommandLine()
const examine = withDoctor(command)
const servers = withServers()

describe('the doctor on tenants', () => {
  test.each([[], ['--tenant', 'eu']])(
    'finds that our own server keeps them apart, with %j',
    async (...flags) => {
      const { url } = await servers.ours()
      const { code, of } = await examine(url, ...flags)
      expect(code).toBe(0)
      expect(of.tenant).toMatchObject({ verdict: 'ok', finding: expect.stringContaining('HTTP 404') })
    },
  )

  test('tells a server that ignores tenantId, which is a warning', async () => {
    const handle = toNodeListener(createSessionHandler({ store: memoryStore() }))
    const { url } = await servers.stand((request, response) => {
      request.url = request.url?.replace(/\?.*/, '') ?? '/'
      handle(request, response)
    })
    const { code, of } = await examine(url, '--tenant', 'eu')
    expect(code).toBe(0)
    expect(of.tenant).toMatchObject({
      verdict: 'warning',
      finding: 'The session is found under another tenantId, too',
    })
  })

  test('takes a new session under the other tenant for one that is kept apart', async () => {
    const { url } = await servers.changed((answer, request) =>
      request.method === 'GET' && answer.status === 404
        ? Response.json({ statusCode: 0, response: { sessionId: 'made-by-a-mere-question' } })
        : answer,
    )
    expect((await examine(url)).of.tenant?.verdict).toBe('ok')
  })

  test('tells a server that fails for another tenant', async () => {
    const { url } = await servers.changed((answer, request) =>
      request.url.includes('tenantId') ? new Response('', { status: 500 }) : answer,
    )
    expect((await examine(url)).of.tenant).toMatchObject({
      verdict: 'warning',
      finding: 'GET of the session under another tenantId fails (HTTP 500)',
    })
  })
})

describe('the doctor on DELETE', () => {
  test('finds that it works, and erases its own session', async () => {
    const store = memoryStore()
    const { url } = await servers.ours(undefined, { store, deletable: true })
    const { code, of } = await examine(url)
    expect(code).toBe(0)
    expect(of.erasure).toMatchObject({ verdict: 'ok', finding: 'DELETE erases the session (HTTP 204)' })
    expect((await store.scan()).sessions).toEqual([])
  })

  test('tells a server without it, which is a warning', async () => {
    const { url } = await servers.ours()
    const { code, of } = await examine(url)
    expect(code).toBe(0)
    expect(of.erasure).toMatchObject({
      verdict: 'warning',
      finding: expect.stringContaining('HTTP 405'),
      remedy: expect.stringContaining('--deletable'),
    })
  })

  test.each([
    ['404 for the route', 404, 'does not work here (HTTP 404)'],
    ['501', 501, 'does not work here (HTTP 501)'],
    ['403', 403, 'is answered with HTTP 403'],
  ])('tells a server that answers %s, which is a warning', async (_, status, finding) => {
    const { url } = await servers.changed((answer, request) =>
      request.method === 'DELETE' ? new Response('', { status }) : answer,
    )
    expect((await examine(url)).of.erasure).toMatchObject({
      verdict: 'warning',
      finding: expect.stringContaining(finding),
    })
  })

  test.each([
    ['500', 500],
    ['503', 503],
  ])('tells a server that fails with %s, which is a fault', async (_, status) => {
    const { url } = await servers.changed((answer, request) =>
      request.method === 'DELETE' ? new Response('', { status }) : answer,
    )
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.erasure?.verdict).toBe('fault')
  })

  test('tells a proxy that answers it itself, so that the session is still there', async () => {
    const { url } = await servers.changed((answer, request) =>
      request.method === 'DELETE' ? new Response(null, { status: 204 }) : answer,
    )
    const { code, of } = await examine(url)
    expect(code).toBe(1)
    expect(of.erasure).toMatchObject({
      verdict: 'fault',
      finding: expect.stringContaining('but GET still finds the session'),
    })
  })

  test('asks for it as pages of the given origin would', async () => {
    const { url } = await servers.ours([SHOP], { deletable: true })
    expect((await examine(url, '--origin', SHOP)).of.erasure?.verdict).toBe('ok')
    const allowed = 'access-control-allow-methods'
    const { url: closed } = await servers.changed(
      (answer) => {
        const methods = answer.headers.get(allowed)
        if (methods) answer.headers.set(allowed, methods.replace('DELETE, ', ''))
        return answer
      },
      { deletable: true, cors: { origins: [SHOP] } },
    )
    const { code, of } = await examine(closed, '--origin', SHOP)
    expect(code).toBe(0)
    expect(of.cors?.verdict).toBe('ok')
    expect(of.erasure).toMatchObject({
      verdict: 'warning',
      finding: expect.stringContaining('the method DELETE is not allowed'),
    })
  })
})
