import { type ReactNode, useRef } from 'react'
import { useSession } from '../react/use-session.ts'
import { useSessionClient } from '../react/use-session-client.ts'
import type { Lane } from './lane.ts'
import { describeValue } from './mask.ts'
import { Secret } from './secret.tsx'
import { confirmedIn, type StoredValue } from './stored-values.ts'
import { useClock } from './use-clock.ts'

const SECOND_MS = 1_000

interface StateListProps {
  own: Lane | undefined
  stored: readonly StoredValue[]
  storageKey: string
}

/** The session as it is now. */
export function StateList({ own, stored, storageKey }: StateListProps) {
  const list = useRef<HTMLDListElement>(null)
  const now = useClock(list, SECOND_MS)
  const { status, sessionId, session, persistence, isValidating, isAssociating, isConfirmed, error } =
    useSession()
  const pending = useSessionClient().pendingFields()
  const confirmedAt = Math.max(confirmedIn(stored, storageKey, sessionId), lastAnswerAt(own))
  const nextTryAt = own?.notes.findLast(({ type }) => type === 'called')?.nextTryAt
  const ids = {
    sessionId,
    customerId: session?.customerId,
    visitId: session?.visitId,
    globalVisitId: session?.globalVisitId,
  }
  const rows: Record<string, ReactNode> = {
    status,
    ...Object.fromEntries(
      Object.entries(ids).map(([name, value]) => [
        name,
        value ? <Secret key={describeValue(value)} name={name} value={describeValue(value)} /> : '–',
      ]),
    ),
    pending: pending.join(', ') || 'nothing',
    confirmed: sessionId && confirmedAt ? describeAge(confirmedAt, now) : 'not yet',
    'in this page': isConfirmed ? 'confirmed by the server' : 'not confirmed yet',
    request: isValidating ? 'asks for the session' : isAssociating ? 'ids are on their way' : 'none',
    retry:
      nextTryAt && nextTryAt > now
        ? `next try in ${Math.ceil((nextTryAt - now) / SECOND_MS)} s`
        : 'none is due',
    persistence,
    'storage key': <code>{storageKey}</code>,
    error: error ? `${describeValue(error.code)}: ${describeValue(error.message, 400)}` : '–',
  }
  return (
    <dl ref={list}>
      {Object.entries(rows).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** When the API last answered this tab without an error. */
const lastAnswerAt = (own: Lane | undefined): number =>
  own?.notes.findLast(({ type, code }) => type === 'called' && !code)?.at ?? 0

function describeAge(at: number, now: number): string {
  const seconds = Math.max(Math.round((now - at) / SECOND_MS), 0)
  const age = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
  return `${age} ago, ${new Date(at).toLocaleTimeString()}`
}
