import { createSessionClient, type SessionClientOptions, type SessionEvent } from 'storefront-session/core'
import { applyHandicaps } from '../page/handicaps.ts'
import { installNetworkSwitch } from '../page/network.ts'
import type { Probe, ProbeRequest } from './probe-types.ts'

// A tab of a promise card: a page of its own without a picture, in which the card makes real clients.

applyHandicaps()
installNetworkSwitch()

const requests: ProbeRequest[] = []
const events: SessionEvent[] = []

const loggedFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  const entry: ProbeRequest = {
    method: request.method,
    path: url.pathname,
    url: request.url,
    customer: request.headers.get('gkc_customerId'),
    body: typeof init?.body === 'string' ? init.body : '',
    status: 0,
  }
  requests.push(entry)
  const response = await fetch(input, init)
  entry.status = response.status
  return response
}

const probe: Probe = {
  requests,
  events,
  create: (options: SessionClientOptions) =>
    createSessionClient({ fetch: loggedFetch, onEvent: (event) => events.push(event), ...options }),
}
Object.assign(window, { probe })
