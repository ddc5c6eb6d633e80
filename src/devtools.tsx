'use client'

import { useEffect, useId, useRef, useState } from 'react'
import { type SessionState, useSession } from './index.ts'

interface Moment {
  at: string
  text: string
}

const MOMENTS = 50
const STYLE = `
.storefront-session-devtools { color-scheme: light dark; position: fixed; inset: auto 12px 12px auto; z-index: 99999;
  font: 13px/1.4 ui-monospace, monospace; color: light-dark(#16181d, #eceff4); max-width: min(420px, calc(100vw - 24px)) }
.storefront-session-devtools > button, .storefront-session-devtools section { background: light-dark(#fff, #16181d);
  color: inherit; border: 1px solid light-dark(#c9ced8, #444b58); border-radius: 8px; font: inherit }
.storefront-session-devtools > button { padding: 6px 10px; float: right; cursor: pointer }
.storefront-session-devtools section { padding: 12px; margin-bottom: 8px; max-height: 60vh; overflow: auto }
.storefront-session-devtools dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 0 }
.storefront-session-devtools dd { margin: 0; overflow-wrap: anywhere }
.storefront-session-devtools h2 { font: inherit; font-weight: 700; margin: 12px 0 4px }
.storefront-session-devtools ol { margin: 0; padding: 0; list-style: none }
`

/**
 * A panel that shows the session of the nearest provider: state, ids, pending associations, a timeline of changes,
 * and the requests that carried the id as a URL parameter. Opens with a button, closes with Escape.
 */
export function SessionDevtools() {
  const [isOpen, setIsOpen] = useState(false)
  const panel = useId()
  const button = useRef<HTMLButtonElement>(null)
  const session = useSession(({ associate, reset, forget, ...state }): SessionState => state)
  const changes = useChanges(session)
  const requests = useCarriedRequests(session.sessionId)

  const close = () => {
    setIsOpen(false)
    button.current?.focus()
  }
  const { customerId, visitId, globalVisitId } = session.session ?? {}
  const rows = Object.entries({
    status: session.status,
    sessionId: session.sessionId,
    customerId,
    visitId,
    globalVisitId,
    persistence: session.persistence,
    request: session.isValidating ? 'asking for the session' : 'none',
    associations: session.isAssociating ? 'waiting for confirmation' : 'confirmed',
    error: session.error && `${session.error.code}: ${session.error.message}`,
  })

  return (
    <aside
      className="storefront-session-devtools"
      aria-label="Session devtools"
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <style>{STYLE}</style>
      {isOpen && (
        <section id={panel} aria-label="Session">
          <dl>
            {rows.map(([name, value]) => [
              <dt key={`${name}-name`}>{name}</dt>,
              <dd key={name}>{value ?? '–'}</dd>,
            ])}
          </dl>
          <Timeline title="Timeline" moments={changes} />
          <Timeline title="Requests that carried the id" moments={requests} />
        </section>
      )}
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => setIsOpen(!isOpen)}
      >
        Session: {session.status}
      </button>
    </aside>
  )
}

function Timeline({ title, moments }: { title: string; moments: Moment[] }) {
  return (
    <>
      <h2>{title}</h2>
      <ol>
        {moments.length === 0 && <li>nothing yet</li>}
        {moments.map(({ at, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
          <li key={index}>
            {at} {text}
          </li>
        ))}
      </ol>
    </>
  )
}

const moment = (text: string): Moment => ({ at: new Date().toLocaleTimeString(), text })

function useChanges({ status, sessionId, isAssociating, error }: SessionState): Moment[] {
  const [changes, setChanges] = useState<Moment[]>([])
  const code = error?.code
  useEffect(() => {
    const text = [status, sessionId, isAssociating && 'associating', code].filter(Boolean).join(' · ')
    setChanges((before) => [...before, moment(text)].slice(-MOMENTS))
  }, [status, sessionId, isAssociating, code])
  return changes
}

function useCarriedRequests(sessionId: string | null): Moment[] {
  const [requests, setRequests] = useState<Moment[]>([])
  useEffect(() => {
    if (!sessionId || typeof PerformanceObserver === 'undefined') return
    const observer = new PerformanceObserver((list) => {
      const carried = list.getEntries().flatMap(({ name }) => {
        const { pathname, search } = new URL(name)
        return search.includes(sessionId) ? [moment(pathname)] : []
      })
      if (carried.length) setRequests((before) => [...before, ...carried].slice(-MOMENTS))
    })
    observer.observe({ type: 'resource', buffered: true })
    return () => observer.disconnect()
  }, [sessionId])
  return requests
}
