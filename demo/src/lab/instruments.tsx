import { useEffect, useState } from 'react'
import { useSession } from 'storefront-session'
import { isSessionValue, readKept } from './kept.ts'
import { useLabRecord } from './lab-record.ts'

/** Every page of this browser that has the shop open. */
export function TabsList() {
  const { tabs } = useLabRecord()
  return (
    <section className="instrument" aria-labelledby="tabs-title">
      <h2 id="tabs-title">Tabs</h2>
      <ul aria-label="Tabs" className="rows">
        {tabs.map(({ tab, name, title, status, mask }) => (
          <li key={tab}>
            <span className={`dot ${status}`} aria-hidden="true" />
            <strong>{name}</strong> {title.replace(' · Halfnote', '')}
            <code>{mask ?? status}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What the middleware let pass without the id, and why. */
export function WithoutList() {
  const { notes, nameOf } = useLabRecord()
  const without = notes.flatMap((note) => (note.kind === 'request' && note.reason ? [note] : [])).reverse()
  return (
    <section className="instrument" aria-labelledby="without-title">
      <h2 id="without-title">Requests without the id</h2>
      <ul aria-labelledby="without-title" className="rows">
        {without.length === 0 && <li className="nothing">None so far.</li>}
        {without.slice(0, 8).map(({ key, method, path, reason, tab }) => (
          <li key={key}>
            <code>
              {method} {path}
            </code>
            <span className="reason">
              {reason}, {nameOf(tab)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What happened, in words. */
export function EventLog() {
  const { notes, nameOf } = useLabRecord()
  const events = notes.flatMap((note) => (note.kind === 'event' ? [note] : [])).reverse()
  return (
    <section className="instrument" aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      <ol aria-labelledby="events-title" className="rows">
        {events.length === 0 && <li className="nothing">Nothing happened yet.</li>}
        {events.slice(0, 40).map(({ key, at, type, tab }) => (
          <li key={key}>
            <time>{new Date(at).toLocaleTimeString()}</time>
            <strong>{type}</strong> {nameOf(tab)}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What this browser's storage holds of the session. */
export function KeptList() {
  const { status, persistence } = useSession()
  const kept = useKept()
  return (
    <section className="instrument" aria-labelledby="kept-title">
      <h2 id="kept-title">What is kept</h2>
      <p className="explain">{status === 'disabled' ? 'Nothing is kept.' : `Kept in ${persistence}.`}</p>
      <ul aria-labelledby="kept-title" className="rows">
        {kept.map(([key, value]) => (
          <li key={key}>
            <code>{key}</code>
            <span className="reason">
              {isSessionValue(key) ? 'the plain id, ' : ''}
              {value}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const LOOK_MS = 1_000

function useKept(): readonly (readonly [key: string, value: string])[] {
  const [kept, setKept] = useState(readKept)
  useEffect(() => {
    const look = () =>
      setKept((before) => {
        const now = readKept()
        return JSON.stringify(now) === JSON.stringify(before) ? before : now
      })
    // Storage tells a page nothing of what it writes itself.
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return kept
}
