import { describe, expect, test, vi } from 'vitest'
import { readAnswer } from '../../src/wire/answer.ts'
import { withCommandLine } from './support/command-line.ts'
import { withDoctor } from './support/examination.ts'
import { withServers } from './support/standing-server.ts'

vi.setConfig({ testTimeout: 30_000 })

const examine = withDoctor(withCommandLine())
const servers = withServers()

type Change = (answer: Response, request: Request) => Promise<Response> | Response

/** Other answers of one method, where our own API knows the session. */
const ofMethod =
  (method: string, change: (answer: Response) => Promise<Response> | Response): Change =>
  (answer, request) =>
    request.method === method && answer.ok ? change(answer) : answer

const withStatus = (status: number) => async (answer: Response) =>
  Response.json(await answer.json(), { status })

/** Sessions with these fields more. */
const withFields =
  (fields: object): Change =>
  async (answer) =>
    answer.ok ? Response.json({ response: { ...(await answer.json()).response, ...fields } }) : answer

/** Other answers to a GET of an unknown id. */
const ofUnknownId =
  (body: unknown, status: number): Change =>
  (answer) =>
    answer.status === 404 ? Response.json(body, { status }) : answer

const NOT_FOUND = { statusCode: 6, description: 'Session not found' }

/** What the client reads in the answers of a server, request by request. */
function withClient(change: Change) {
  const read = new Set<string>()
  const server = servers.changed(async (answer, request) => {
    const changed = await change(answer, request)
    // Of an answer to DELETE the client reads the status alone.
    if (request.method === 'DELETE') return changed
    try {
      readAnswer(changed, await changed.clone().text(), Date.now(), request)
    } catch (error) {
      read.add(`${request.method}: ${error instanceof Error && 'code' in error ? error.code : error}`)
    }
    return changed
  })
  return { read, server }
}

describe('the doctor reads an answer as the client does, and tells', () => {
  test.each<[name: string, Change, client: string, check: string, told: { finding: RegExp; cause: RegExp }]>([
    [
      'PUT with a session, but the status of a failure',
      ofMethod('PUT', withStatus(500)),
      'PUT: http',
      'reachability',
      { finding: /HTTP 500/, cause: /a session, but with the status of an error/ },
    ],
    [
      'POST with a session, but the status of a conflict',
      ofMethod('POST', withStatus(409)),
      'POST: http',
      'associations',
      { finding: /^POST .*HTTP 409/, cause: /a session, but with the status of an error/ },
    ],
    [
      'GET with a session, but the status of a refusal',
      ofMethod('GET', withStatus(403)),
      'GET: http',
      'associations',
      { finding: /^GET .*HTTP 403/, cause: /a session, but with the status of an error/ },
    ],
    [
      'an agent id that is a number',
      withFields({ agentId: 7 }),
      'PUT: invalid-response',
      'reachability',
      { finding: /no session/, cause: /agentId.*is no string/ },
    ],
    [
      'a visit id that is a number, once it is associated',
      ofMethod('POST', (answer) => withFields({ visitId: 12345 })(answer, new Request('http://a'))),
      'POST: invalid-response',
      'associations',
      { finding: /^POST .*no session/, cause: /visitId.*is no string/ },
    ],
    [
      'a GET that describes an error with a status of success',
      ofMethod('GET', () => Response.json({ statusCode: 17, description: 'Busy' })),
      'GET: http',
      'associations',
      { finding: /^GET .*"Busy"/, cause: /says why/ },
    ],
    [
      'an unknown id that is a bad request',
      ofUnknownId(NOT_FOUND, 400),
      'GET: http',
      'unknown-id',
      { finding: /HTTP 400: "Session not found"/, cause: /404 or 410/ },
    ],
    [
      'an unknown id on which the server fails',
      ofUnknownId(NOT_FOUND, 500),
      'GET: http',
      'unknown-id',
      { finding: /HTTP 500: "Session not found"/, cause: /404 or 410/ },
    ],
    [
      'an unknown id for which a proxy has a page that says so',
      (answer) =>
        answer.status === 404 ? new Response('<h1>Session not found</h1>', { status: 404 }) : answer,
      'GET: http',
      'unknown-id',
      { finding: /HTTP 404, which does not say whether/, cause: /a page of its own/ },
    ],
  ])('%s', async (_, change, client, check, { finding, cause }) => {
    const { read, server } = withClient(change)
    const { code, of } = await examine((await server).url)
    expect(read).toContain(client)
    expect(code).toBe(1)
    expect(of[check]).toMatchObject({
      verdict: 'fault',
      finding: expect.stringMatching(finding),
      cause: expect.stringMatching(cause),
    })
  })

  test.each<[string, Change, client: string[]]>([
    [
      '"Session not found" as a message with a status of success',
      ofUnknownId({ statusCode: 6, message: 'Session not found' }, 200),
      ['GET: session-not-found'],
    ],
    [
      '"Session not found" inside the envelope',
      ofUnknownId({ status: 6, data: { description: 'Session not found' } }, 200),
      ['GET: session-not-found'],
    ],
    ['ids that are null', withFields({ agentId: null }), ['GET: session-not-found']],
    [
      'an empty response beside a session',
      (answer) =>
        answer.ok
          ? answer.json().then(({ response: data }) => Response.json({ response: null, data }))
          : answer,
      ['GET: session-not-found'],
    ],
  ])('no fault in %s', async (_, change, client) => {
    const { read, server } = withClient(change)
    const { code, of } = await examine((await server).url)
    expect([...read]).toEqual(client)
    expect(of['unknown-id']?.verdict).toBe('ok')
    expect(code).toBe(0)
  })

  test.each(['PUT', 'GET'])(
    'a redirect of %s with a session in its body, which is no answer',
    async (method) => {
      const { url } = await servers.changed(ofMethod(method, withStatus(302)))
      const { code, of } = await examine(url)
      expect(code).toBe(1)
      const { finding, cause } = of[method === 'PUT' ? 'reachability' : 'associations'] ?? {}
      expect(finding).toMatch(/HTTP 302/)
      expect(cause).toMatch(/follows no redirect/)
    },
  )
})
