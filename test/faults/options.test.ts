import { createSessionClient, type SessionClientOptions } from 'storefront-session/core'
import { expect, test } from 'vitest'

const baseUrl = '/gks-server/v1'
/** What JavaScript lets through, where no types hold it off. */
const wrong: [string, object | undefined][] = [
  ['baseUrl', undefined],
  ['baseUrl', {}],
  ['baseUrl', { baseUrl: '' }],
  ['baseUrl', { baseUrl: 42 }],
  ['baseUrl', { baseUrl: 'http://' }],
  ['baseUrl', { baseUrl: 'localhost:4000' }],
  ['baseUrl', { baseUrl: 'javascript:1' }],
  ['baseUrl', { baseUrl: '/api?tenant=1' }],
  ['fetch', { baseUrl, fetch: 'fetch' }],
  ['agentId', { baseUrl, agentId: 'ä' }],
  ['create', { baseUrl, create: 'browser' }],
  ['initialSession', { baseUrl, initialSession: { sessionId: '..' } }],
  ['storage', { baseUrl, storage: 'cookie' }],
  ['storage', { baseUrl, storage: {} }],
  ['storageKey', { baseUrl, storageKey: '' }],
  ['attach.to', { baseUrl, attach: { to: '/api' } }],
  ['attach.to', { baseUrl, attach: { to: ['/api', ''] } }],
  ['attach.to', { baseUrl, attach: { to: [undefined] } }],
  ['attach.as', { baseUrl, attach: { as: 'cookie' } }],
  ['attach.name', { baseUrl, attach: { as: 'header', name: 'not a header' } }],
  ['attach.name', { baseUrl, attach: { as: 'header', name: '' } }],
  ...['cookie', 'Host', 'Sec-Session', 'proxy-session'].map((name): [string, object] => [
    'attach.name',
    { baseUrl, attach: { as: 'header', name } },
  ]),
  ['attach.waitMs', { baseUrl, attach: { waitMs: -1 } }],
  ['timeoutMs', { baseUrl, timeoutMs: -1 }],
  ['timeoutMs', { baseUrl, timeoutMs: Number.NaN }],
  ['retry', { baseUrl, retry: -1 }],
  ['revalidateMs', { baseUrl, revalidateMs: 'soon' }],
]

// F99 are the names of headers that no browser lets a page set.
test.each(wrong)('F169: an option %s that makes no sense is refused by its name: %o', (name, options) => {
  expect(() => createSessionClient(options as SessionClientOptions)).toThrow(
    expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(` ${name} `) }),
  )
})

test.each([
  { storage: 'local' },
  { storage: 'session' },
  { storage: 'memory' },
  { attach: { name: 'session id' } },
  { attach: { to: [] } },
  { attach: { to: ['/api', new URL('https://shop.example')] } },
  { attach: { as: 'header', name: 'x-cookie-host' } },
  { attach: { as: 'query', name: '' } },
] as const)('F169: the options %o are taken', (options) => {
  expect(() => createSessionClient({ baseUrl, ...options })).not.toThrow()
})

test.each(['/gks-server/v1', 'gks-server/v1', './api', 'http://localhost:4000', 'https://shop.example/api/'])(
  'F169: the address %s is taken',
  (address) => {
    expect(() => createSessionClient({ baseUrl: address })).not.toThrow()
  },
)
