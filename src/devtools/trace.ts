import type { SessionState } from '../core.ts'
import type { Lane, LaneNote } from './lane.ts'
import type { StoredValue } from './stored-values.ts'

/** What devtools export: who did what and when, without an id. `npm run replay` of the repository plays it. */
export interface Trace {
  format: 'storefront-session trace'
  version: 1
  /** What the browser of this page has. */
  conditions: { hasLocks: boolean; hasChannel: boolean; persistence: string }
  /** Keys under which the session stores values. */
  stored: string[]
  tabs: TraceTab[]
}

interface TraceTab {
  name: string
  status: string
  /** Stands for the id of the session: the same name means the same session. */
  session: string | null
  notes: TraceNote[]
}

/** Times in milliseconds since the first note of the trace. */
export interface TraceNote extends Omit<LaneNote, 'sessionId' | 'nextTryAt'> {
  session?: string
  nextTryAfterMs?: number
}

/** Parts of a path that look like an id, a number or an address of a person. */
const LIKE_AN_ID = /^(?:\d{4,}|[\w.~-]*@.*|.*%40.*|(?=[^/]*\d)[\w.~-]{12,}|[\w.~-]{24,})$/

export function makeTrace(
  lanes: readonly Lane[],
  persistence: SessionState['persistence'],
  stored: readonly StoredValue[],
  secrets: readonly unknown[],
): Trace {
  const names = new Map<string, string>()
  const nameOf = (id: string) => {
    const name = names.get(id) ?? `session ${names.size + 1}`
    names.set(id, name)
    return name
  }
  const begin = Math.min(...lanes.flatMap(({ notes }) => notes.map(beginOf)))
  // The names follow the order of events, whichever tab they are of.
  for (const { sessionId } of lanes.flatMap(({ notes }) => notes).sort((one, other) => one.at - other.at))
    if (sessionId) nameOf(sessionId)
  for (const { sessionId } of lanes) if (sessionId) nameOf(sessionId)

  const known = [...names.keys(), ...secrets.filter((value) => typeof value === 'string')]
  const redact = (path: string) =>
    path
      .split('/')
      .map((part) => (known.includes(decode(part)) || LIKE_AN_ID.test(part) ? '{id}' : part))
      .join('/')
  return {
    format: 'storefront-session trace',
    version: 1,
    conditions: {
      hasLocks: 'locks' in navigator,
      hasChannel: 'BroadcastChannel' in globalThis,
      persistence,
    },
    stored: stored.map(({ key }) => key),
    tabs: lanes.map(({ name, status, sessionId, notes }) => ({
      name,
      status,
      session: sessionId && nameOf(sessionId),
      notes: notes.map(({ sessionId, nextTryAt, path, ...note }) => ({
        ...note,
        at: note.at - begin,
        ...(path !== undefined && { path: redact(path) }),
        ...(sessionId && { session: nameOf(sessionId) }),
        ...(nextTryAt !== undefined && { nextTryAfterMs: nextTryAt - note.at }),
      })),
    })),
  }
}

/** When the request of a note began to wait, or the event happened. */
const beginOf = ({ type, at, ms = 0, waitedMs = 0 }: LaneNote): number =>
  type === 'called' ? at - ms - waitedMs : at

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // Not percent-encoded by a browser.
  }
}

/** Hands the trace to the person as a file. */
export function downloadTrace(trace: Trace): void {
  const address = URL.createObjectURL(
    new Blob([JSON.stringify(trace, null, 2)], { type: 'application/json' }),
  )
  const link = document.createElement('a')
  link.href = address
  link.download = `session-trace-${new Date().toISOString().replace(/[:.]/g, '-')}.json`
  link.click()
  URL.revokeObjectURL(address)
}
