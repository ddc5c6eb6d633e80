import { useEffect, useState } from 'react'
import { useSession } from 'storefront-session'
import { maskId } from '../masked-id.ts'
import type { ServerView, SessionRow } from '../server-view.ts'
import { followStream } from '../tabs/live-stream.ts'

/** Which sessions the server knows, and which requests each one bundles, live. */
export function ServerPanel() {
  const view = useServerView()
  const own = useSession((session) => session.sessionId && maskId(session.sessionId))
  return (
    <section className="server" aria-labelledby="server-title">
      <h2 id="server-title">The server’s view</h2>
      <p className="explain">What the API is for: it bundles all requests of one visitor.</p>
      {!view && <p className="nothing">Waiting for the server …</p>}
      {view?.sessions.length === 0 && <p className="nothing">No session since the server started.</p>}
      <ul>
        {ownFirst(view?.sessions ?? [], own).map((row, place) => (
          <Session key={PLACES[place]} row={row} isOwn={row.mask === own} />
        ))}
      </ul>
      {view && view.known > SESSIONS && (
        <p className="explain">{view.known} sessions since the server started.</p>
      )}
      {view?.refused && (
        <p className="explain">
          {view.refused.count} turned away by the weather, the latest: {view.refused.line} →{' '}
          {view.refused.status}
        </p>
      )}
    </section>
  )
}

/** Places, and not what stands there: a new line changes words, and nothing on the page jumps. */
const PLACES = [0, 1, 2, 3, 4, 5]
const SESSIONS = 3

const ownFirst = (rows: readonly SessionRow[], own: string | null): SessionRow[] =>
  [...rows.filter(({ mask }) => mask === own), ...rows.filter(({ mask }) => mask !== own)].slice(0, SESSIONS)

function Session({
  row: { mask, isRecognised, count, requests },
  isOwn,
}: {
  row: SessionRow
  isOwn: boolean
}) {
  return (
    <li className="session" data-own={isOwn}>
      <p className="session-head">
        <strong>{mask}</strong>
        <span>{isRecognised ? 'customer known' : 'anonymous'}</span>
        {isOwn && <span className="own">this browser</span>}
        <span className="session-count">{count} requests</span>
      </p>
      <ol>
        {requests.slice(0, isOwn ? 6 : 2).map(({ at, line }, place) => (
          <li key={PLACES[place]}>
            <time>{new Date(at).toLocaleTimeString()}</time> {line}
          </li>
        ))}
      </ol>
    </li>
  )
}

function useServerView(): ServerView | undefined {
  const [view, setView] = useState<ServerView>()
  useEffect(
    () =>
      followStream((message) => {
        if (message.type === 'server') setView(message.view)
      }),
    [],
  )
  return view
}
