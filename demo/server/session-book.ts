import { maskId } from '../src/masked-id.ts'
import type { ServerView, SessionRow } from '../src/server-view.ts'

const SESSIONS = 8
const REQUESTS = 8

/** What this process has seen of each session: which requests it bundled, and nothing that names a visitor. */
export interface SessionBook {
  /** A request that named this session, or made it. */
  note(sessionId: string, line: string): void
  /** A customer is tied to this session. */
  recognise(sessionId: string): void
  /** The session is gone. */
  strike(sessionId: string): void
  /** A request that got no answer of the API. */
  refuse(line: string, status: number): void
  view(): ServerView
}

export function createSessionBook(changed: () => void): SessionBook {
  /** The latest used stands last. */
  const rows = new Map<string, SessionRow>()
  let known = 0
  let refused: ServerView['refused'] = null

  const rowOf = (sessionId: string): SessionRow => {
    const row = rows.get(sessionId) ?? newRow(sessionId)
    if (!rows.delete(sessionId)) known += 1
    rows.set(sessionId, row)
    for (const [oldest] of rows) {
      if (rows.size <= SESSIONS) break
      rows.delete(oldest)
    }
    return row
  }
  return {
    note(sessionId, line) {
      const row = rowOf(sessionId)
      row.count += 1
      row.requests = [{ key: row.count, at: Date.now(), line }, ...row.requests].slice(0, REQUESTS)
      changed()
    },
    recognise(sessionId) {
      rowOf(sessionId).isRecognised = true
      changed()
    },
    strike(sessionId) {
      rows.delete(sessionId)
      changed()
    },
    refuse(line, status) {
      refused = { line, status, count: (refused?.count ?? 0) + 1 }
      changed()
    },
    view: () => ({ sessions: [...rows.values()].reverse(), known, refused }),
  }
}

const newRow = (sessionId: string): SessionRow => ({
  mask: maskId(sessionId),
  isRecognised: false,
  count: 0,
  requests: [],
})
