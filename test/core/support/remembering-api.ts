import { createSimulatedServer } from '../../model/simulated-server.ts'

/** One request as the API saw it. */
interface Seen {
  method: string
  path: string
  customerId: string | null
  body: string
  keepalive: boolean
}

type Fault = (request: Seen) => Response | Promise<Response> | undefined

/** A session API that answers at once, remembers what it is told, and tells it again. */
export function createApi() {
  const server = createSimulatedServer({ isEchoing: true, unknown: 'not-found', createsOnAssociate: true })
  const seen: Seen[] = []
  const faults: { current?: Fault | undefined } = {}
  const fetch: typeof globalThis.fetch = async (input, init) => {
    // A Request, where the middleware sends one.
    const request = new Request(
      new URL(String((input as Request).url ?? input), 'https://shop.example'),
      init,
    )
    const { pathname, search } = new URL(request.url)
    const { method, headers } = request
    const body = await request.text()
    const path = pathname + search
    const one = {
      method,
      path,
      customerId: headers.get('gkc_customerId'),
      body,
      keepalive: !!init?.keepalive,
    }
    seen.push(one)
    return (await faults.current?.(one)) ?? server.answer(method, path, headers, body)
  }
  return {
    server,
    seen,
    fetch,
    /** What is answered in place of the usual. */
    set fault(fault: Fault | undefined) {
      faults.current = fault
    },
    /** The requests since the last look, as `METHOD path`, with the customer where one is named. */
    asked: () =>
      seen
        .splice(0)
        .map(({ method, path, customerId }) => [method, path, customerId].filter(Boolean).join(' ')),
    customerOf: (sessionId: string | null) => server.sessions.get(String(sessionId))?.customerId,
  }
}
