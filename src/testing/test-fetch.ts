import { createAttachRule, parseUrl } from '../core/attach-rule.ts'
import { addressOf, attachedRequest, type StorefrontRequest } from '../core/attached-request.ts'
import type { AttachOptions } from '../core.ts'
import type { Script } from './test-script.ts'

/** The middleware of a test session: the page's fetch, with the id where `attach` says so. */
export function createTestFetch(
  script: Pick<Script, 'getState' | 'takeFailure' | 'note'>,
  attach: AttachOptions = {},
): typeof globalThis.fetch {
  const { name = 'sessionId' } = attach
  const href = () => (typeof document === 'undefined' ? 'http://localhost/' : document.baseURI)
  const rule = createAttachRule(attach, '/gks-server/v1', href)

  return async (input, init) => {
    const failure = script.takeFailure()
    if (failure) throw failure
    const url = parseUrl(addressOf(input), href())
    if (!url) return globalThis.fetch(input, init)
    const request = (input as Request | undefined)?.url ? (input as Request) : undefined
    const method = init?.method ?? request?.method ?? 'GET'
    const verdict = rule(url, method)
    const { sessionId, status } = script.getState()
    if (verdict !== 'attach' || !sessionId) {
      const reason = verdict !== 'attach' ? verdict : status === 'disabled' ? 'disabled' : 'waited'
      script.note({ type: 'unattached', method, path: url.pathname, reason })
      return globalThis.fetch(input, init)
    }
    const headers = attach.as === 'header' ? new Headers(init?.headers ?? request?.headers) : undefined
    if (headers?.has(name) || url.searchParams.has(name)) return globalThis.fetch(input, init)
    script.note({ type: 'attached', sessionId, method, path: url.pathname })
    const { origin } = new URL(href())
    const storefront: StorefrontRequest = { input, init, url, method, request, headers, origin }
    return globalThis.fetch(...(await attachedRequest(storefront, name, sessionId)))
  }
}
