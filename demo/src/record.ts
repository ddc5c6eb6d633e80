import type { SessionEvent } from 'storefront-session'

export interface Entry {
  key: number
  at: string
  /** What the panel says, without a session or customer id. */
  text: string
  kind: 'event' | 'request'
  /** Whether the session id was in the URL of this request. */
  carried: boolean
}

const KEPT = 30
let entries: readonly Entry[] = []
let count = 0
const listeners = new Set<() => void>()

export const readRecord = (): readonly Entry[] => entries

export function subscribeToRecord(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function add(kind: Entry['kind'], text: string, carried = false): void {
  count += 1
  const entry = { key: count, at: new Date().toLocaleTimeString(), kind, text, carried }
  entries = [entry, ...entries].slice(0, KEPT)
  for (const listener of listeners) listener()
}

export const recordEvent = (event: SessionEvent): void => add('event', event.type)

/** The page's fetch, with a line in the record for each request as it really goes out. */
export const recordedFetch: typeof fetch = async (input, init) => {
  const request = input instanceof Request ? input : null
  const url = new URL(request ? request.url : String(input), location.href)
  const line = `${init?.method ?? request?.method ?? 'GET'} ${describePath(url.pathname)}`
  const carried = url.searchParams.has('sessionId')
  try {
    const response = await fetch(input, init)
    add('request', `${line} ${response.status}`, carried)
    return response
  } catch (error) {
    add('request', `${line} failed`, carried)
    throw error
  }
}

const describePath = (path: string): string =>
  path.replace('/gks-server/v1', '').replace(/^\/sessions\/(?!new$).+/, '/sessions/{id}')
