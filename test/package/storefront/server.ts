// The server side of the same storefront.
import { createServer } from 'node:http'
import { sessionApiHandlers } from 'storefront-session/msw'
import {
  createSessionHandler,
  memoryStore,
  type SessionStore,
  toNodeListener,
} from 'storefront-session/server'
import { createTestSession } from 'storefront-session/testing'

const store: SessionStore = memoryStore()
const handle = createSessionHandler({ store, basePath: '/gks-server/v1' })
const created = await handle(new Request('http://shop.test/gks-server/v1/sessions/new', { method: 'PUT' }))
const { response } = (await created.json()) as { response: { sessionId: string } }
const session = createTestSession({ status: 'ready', sessionId: response.sessionId })
const handlers = sessionApiHandlers('/gks-server/v1')
createServer(toNodeListener(handle)).close()
console.log(created.status, session.getState().sessionId === response.sessionId, handlers.length > 0)
