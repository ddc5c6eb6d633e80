import type { SessionClient } from '../core.ts'

/** What a server without our DELETE says: the session may still be there. */
const DELETED = [200, 204, 404, 410]

/**
 * Deletes the session on the server, and has the client ask for it: it finds the session lost. Where the API does not
 * delete, one answer says "Session not found" in place of the server. Returns what happened, in words.
 */
export async function loseSession(client: SessionClient): Promise<string> {
  const { sessionId } = client.getState()
  if (!sessionId) return 'There is no session to lose.'
  // The test session has its own way.
  if ('lose' in client && typeof client.lose === 'function') {
    client.lose()
    return 'The session is lost.'
  }
  const [, , baseUrl, tenantId] = client.queryOptions.queryKey
  const query = tenantId ? `?tenantId=${encodeURIComponent(tenantId)}` : ''
  const path = `/sessions/${encodeURIComponent(sessionId)}`
  const isDeleted = await deleteSession(`${baseUrl}${path}${query}`)
  const restore = isDeleted ? undefined : denyOnce(path)
  try {
    await client.queryOptions.queryFn()
  } finally {
    restore?.()
  }
  return isDeleted
    ? 'The session was deleted on the server, and the client found it lost.'
    : 'This API does not delete sessions: one answer said that it is lost.'
}

async function deleteSession(address: string): Promise<boolean> {
  try {
    const { status } = await fetch(address, {
      method: 'DELETE',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    })
    return DELETED.includes(status)
  } catch {
    return false // Refused by CORS, or the API is down.
  }
}

/** The next GET of this session is answered here. Returns what puts the page's fetch back. */
function denyOnce(path: string): () => void {
  const real = globalThis.fetch
  const restore = () => {
    if (globalThis.fetch === deny) globalThis.fetch = real
  }
  const deny: typeof fetch = (input, init) => {
    const address = input instanceof Request ? input.url : String(input)
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    if (method !== 'GET' || !address.includes(path)) return real(input, init)
    restore()
    const answer = JSON.stringify({ statusCode: 6, description: 'Session not found' })
    return Promise.resolve(
      new Response(answer, { status: 404, headers: { 'content-type': 'application/json' } }),
    )
  }
  globalThis.fetch = deny
  return restore
}
