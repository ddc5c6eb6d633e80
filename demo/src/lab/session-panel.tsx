import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useSession } from 'storefront-session'
import { readRecord, subscribeToRecord } from '../record.ts'
import { WeatherControl } from './weather-control.tsx'
import './panel.css'

const shorten = (id: string | null) => (id ? `${id.slice(0, 6)}…${id.slice(-4)}` : 'none')

/** What the library knows and does, for whoever tries the demo. */
export function SessionPanel({ onClose }: { onClose: () => void }) {
  const session = useSession()
  const entries = useSyncExternalStore(subscribeToRecord, readRecord)
  const closeButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    const closeOnEscape = (event: KeyboardEvent) => event.key === 'Escape' && onClose()
    closeButton.current?.focus()
    addEventListener('keydown', closeOnEscape)
    return () => {
      removeEventListener('keydown', closeOnEscape)
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [onClose])

  const facts = {
    Status: session.status,
    Session: shorten(session.sessionId),
    Customer: session.session?.customerId ?? 'anonymous',
    'Kept in': session.persistence,
    Pending: session.isAssociating ? 'ids not confirmed yet' : 'nothing',
    Trouble: session.error?.code ?? 'none',
  }
  const events = entries.filter(({ kind }) => kind === 'event')
  const requests = entries.filter(({ carried }) => carried)
  return (
    <aside className="panel" aria-label="Session">
      <div className="row">
        <h2>Session</h2>
        <button type="button" ref={closeButton} onClick={onClose}>
          Close
        </button>
      </div>
      <dl>
        {Object.entries(facts).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <WeatherControl />
      <h3>Requests that carried it</h3>
      <ol aria-label="Requests that carried it">
        {requests.map(({ key, at, text }) => (
          <li key={key}>
            <time>{at}</time> {text}
          </li>
        ))}
      </ol>
      <h3>Events</h3>
      <ol aria-label="Events">
        {events.map(({ key, at, text }) => (
          <li key={key}>
            <time>{at}</time> {text}
          </li>
        ))}
      </ol>
    </aside>
  )
}
