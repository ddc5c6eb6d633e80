import { useId, useRef, useState } from 'react'
import { useSession } from '../react/use-session.ts'
import { useSessionClient } from '../react/use-session-client.ts'
import { CLASS_NAME, STYLE } from './style.ts'
import { type Moment, useNotes } from './use-notes.ts'
import { type TabReport, useTabs } from './use-tabs.ts'

/**
 * A panel for development that shows the session of the nearest provider: state and ids, which of them the server
 * has not confirmed yet, the other tabs in which a panel is mounted, and what has happened since it was mounted:
 * events, and requests that carried the id. A button opens it, Escape closes it.
 *
 * @example
 * {import.meta.env.DEV && <SessionDevtools />}
 */
export function SessionDevtools() {
  const [isOpen, setIsOpen] = useState(false)
  const panel = useId()
  const button = useRef<HTMLButtonElement>(null)
  const client = useSessionClient()
  const session = useSession()
  const { events, requests } = useNotes(client)
  const tabs = useTabs(
    `${client.queryOptions.queryKey.join(' ')} devtools`,
    session.status,
    session.sessionId,
  )

  const close = () => {
    setIsOpen(false)
    button.current?.focus()
  }
  return (
    <aside
      className={CLASS_NAME}
      aria-label="Session devtools"
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <style>{STYLE}</style>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that the keyboard must be able to reach it
        <section id={panel} aria-label="Session" tabIndex={0}>
          <State />
          <Tabs tabs={tabs} />
          <Timeline title="Events" moments={events} />
          <Timeline title="Requests that carried the id" moments={requests} />
        </section>
      )}
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panel : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        Session: {session.status}
      </button>
    </aside>
  )
}

function State() {
  const { status, sessionId, session, persistence, isValidating, error } = useSession()
  const pending = useSessionClient().pendingFields()
  const rows = Object.entries({
    status,
    sessionId,
    customerId: session?.customerId,
    visitId: session?.visitId,
    globalVisitId: session?.globalVisitId,
    pending: pending.join(', ') || 'nothing',
    persistence,
    request: isValidating ? 'asking for the session' : 'none',
    error: error && `${error.code}: ${error.message}`,
  })
  return (
    <dl>
      {rows.map(([name, value]) => [
        <dt key={`${name}-name`}>{name}</dt>,
        <dd key={name}>{value ?? '–'}</dd>,
      ])}
    </dl>
  )
}

function Tabs({ tabs }: { tabs: readonly TabReport[] }) {
  return (
    <>
      <h2>Other tabs</h2>
      <ol aria-label="Other tabs">
        {tabs.length === 0 && <li>none with this panel</li>}
        {tabs.map(({ tab, status, sessionId }) => (
          <li key={tab}>
            {status} · {sessionId ?? '–'}
          </li>
        ))}
      </ol>
    </>
  )
}

function Timeline({ title, moments }: { title: string; moments: readonly Moment[] }) {
  return (
    <>
      <h2>{title}</h2>
      <ol aria-label={title}>
        {moments.length === 0 && <li>nothing yet</li>}
        {moments.map(({ key, at, text }) => (
          <li key={key}>
            <time>{at}</time> {text}
          </li>
        ))}
      </ol>
    </>
  )
}
