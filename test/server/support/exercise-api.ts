import { expect } from 'vitest'

/** Sends a request to the API, at a path below its base path. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>

export const BASE_PATH = '/gks-server/v1'
const JSON_TYPE = { 'content-type': 'application/json' }

/** One session through all three operations, and what a mounting can spoil: bodies, methods, answers to errors. */
export async function exerciseApi(ask: Ask, answersOptions = true): Promise<void> {
  const made = await ask('/sessions/new', {
    method: 'PUT',
    headers: { ...JSON_TYPE, gkc_customerId: 'c-1' },
    body: '{"visitId":"v-1"}',
  })
  expect(made.status).toBe(200)
  expect(made.headers.get('cache-control')).toBe('no-store')
  const { response } = await made.json()
  expect(response).toMatchObject({ customerId: 'c-1', visitId: 'v-1' })
  const path = `/sessions/${response.sessionId}`
  const associated = await ask(path, { method: 'POST', headers: JSON_TYPE, body: '{"globalVisitId":"g-1"}' })
  expect((await associated.json()).response).toMatchObject({ customerId: 'c-1', globalVisitId: 'g-1' })
  expect((await (await ask(`${path}?lang=en`)).json()).response).toEqual({
    ...response,
    globalVisitId: 'g-1',
    expiresAt: expect.any(String),
  })
  expect((await ask(`${path}?tenantId=t`)).status).toBe(404)
  const head = await ask(path, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect((await ask('/sessions/new', { method: 'PUT' })).status).toBe(200)
  const wrong = await ask('/sessions/new', { method: 'PUT', headers: JSON_TYPE, body: '{"visitId":7}' })
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    { statusCode: 1, description: expect.any(String) },
  ])
  const deleted = await ask(path, { method: 'DELETE' })
  expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  if (answersOptions) {
    const options = await ask(path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
  }
  expect((await ask('/nothing')).status).toBe(404)
}

/** Over the network, to this machine. */
export const asking =
  (port: number): Ask =>
  (path, init) =>
    fetch(`http://127.0.0.1:${port}${BASE_PATH}${path}`, init)
