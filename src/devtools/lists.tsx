import { type ReactNode, useId } from 'react'
import type { SessionState } from '../core.ts'
import type { Lane, LaneNote } from './lane.ts'
import { maskId, maskWords } from './mask.ts'
import { Secret } from './secret.tsx'
import type { StoredValue } from './stored-values.ts'
import { requestOf, titleOf } from './time-axis.ts'

const ROWS_SHOWN = 40

const REASONS: Record<string, string> = {
  outside: 'outside attach.to',
  refused: 'refused by attach.when',
  waited: 'no session in time: it waited attach.waitMs',
  disabled: 'disabled: no consent',
}

interface ListProps {
  title: string
  /** Shown where there are no rows. */
  empty: string
  rows: readonly { key: string; row: ReactNode }[]
}

function List({ title, empty, rows }: ListProps) {
  const id = useId()
  return (
    <section>
      <h2 id={id}>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <ol aria-labelledby={id} className="rows" tabIndex={0}>
        {rows.length === 0 && <li>{empty}</li>}
        {rows.slice(0, ROWS_SHOWN).map(({ key, row }) => (
          <li key={key}>{row}</li>
        ))}
      </ol>
    </section>
  )
}

export const TabsList = ({ lanes }: { lanes: readonly Lane[] }) => (
  <List
    title="Tabs"
    empty="none"
    rows={lanes.map(({ tab, name, title, path, status, sessionId }) => ({
      key: tab,
      row: (
        <>
          <strong>{name}</strong> {title} <code>{path}</code> {status}{' '}
          {sessionId && <code>{maskId(sessionId)}</code>}
        </>
      ),
    }))}
  />
)

/** A note with the tab that it is of. */
interface TabNote {
  key: string
  tab: string
  note: LaneNote
}

/** Notes of all tabs, the newest first. */
const notesOf = (lanes: readonly Lane[], isWanted: (note: LaneNote) => boolean): TabNote[] =>
  lanes
    .flatMap(({ tab, name, notes }) =>
      notes.map((note, index) => ({ key: `${tab} ${note.at} ${note.type} ${index}`, tab: name, note })),
    )
    .filter(({ note }) => isWanted(note))
    // Of two with the same time, the later one comes first, too.
    .reverse()
    .sort((one, other) => other.note.at - one.note.at)

const Time = ({ at }: { at: number }) => <time>{new Date(at).toLocaleTimeString()}</time>

const isRequest = ({ type }: LaneNote) => ['called', 'attached', 'unattached'].includes(type)

export const EventsList = ({ lanes }: { lanes: readonly Lane[] }) => (
  <List
    title="Events"
    empty="nothing yet"
    rows={notesOf(lanes, (note) => !isRequest(note)).map(({ key, tab, note }) => ({
      key,
      row: (
        <>
          <Time at={note.at} /> <strong>{titleOf(note)}</strong>{' '}
          {note.sessionId && <code>{maskId(note.sessionId)}</code>} {tab}
        </>
      ),
    }))}
  />
)

export const CallsList = ({ lanes }: { lanes: readonly Lane[] }) => (
  <List
    title="Calls of the session API"
    empty="none yet"
    rows={notesOf(lanes, ({ type }) => type === 'called').map(({ key, tab, note }) => ({
      key,
      row: (
        <>
          <Time at={note.at} /> {titleOf(note)} · {tab}
        </>
      ),
    }))}
  />
)

export const CarriedList = ({ lanes }: { lanes: readonly Lane[] }) => (
  <List
    title="Requests with the id"
    empty="none yet"
    rows={notesOf(lanes, ({ type }) => type === 'attached').map(({ key, tab, note }) => ({
      key,
      row: (
        <>
          <Time at={note.at} /> <code>{requestOf(note)}</code> {tab}
        </>
      ),
    }))}
  />
)

export const WithoutList = ({ lanes }: { lanes: readonly Lane[] }) => (
  <List
    title="Requests without the id"
    empty="none yet"
    rows={notesOf(lanes, ({ type }) => type === 'unattached').map(({ key, tab, note }) => ({
      key,
      row: (
        <>
          <Time at={note.at} /> <code>{requestOf(note)}</code> {REASONS[note.reason ?? ''] ?? note.reason} ·{' '}
          {tab}
        </>
      ),
    }))}
  />
)

interface StorageListProps {
  stored: readonly StoredValue[]
  storageKey: string
  status: SessionState['status']
  persistence: SessionState['persistence']
}

/** What this browser's storage holds of the session. */
export const StorageList = ({ stored, storageKey, status, persistence }: StorageListProps) => (
  <List
    title="What storage holds"
    empty={
      status === 'disabled'
        ? 'Nothing is kept.'
        : persistence === 'memory'
          ? 'Nothing: the session is in memory only.'
          : 'Nothing yet.'
    }
    rows={stored.map(({ place, key, value }) => ({
      key: `${place} ${key}`,
      row: (
        <>
          <code>{key}</code>{' '}
          <Secret key={value} name={key} value={value} mask={key === storageKey ? maskId : maskWords} />{' '}
          {place}
        </>
      ),
    }))}
  />
)
