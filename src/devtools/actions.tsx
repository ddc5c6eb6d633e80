import { useState } from 'react'
import { isSessionError } from '../core.ts'
import { useSessionClient } from '../react/use-session-client.ts'
import type { Lane } from './lane.ts'
import { loseSession } from './lose-session.ts'
import { describeThrown } from './mask.ts'
import type { StoredValue } from './stored-values.ts'
import { downloadTrace, makeTrace } from './trace.ts'

interface ActionsProps {
  lanes: readonly Lane[]
  stored: readonly StoredValue[]
}

/** What a person can do with the session; a live region says what came of it. */
export function Actions({ lanes, stored }: ActionsProps) {
  const client = useSessionClient()
  const [said, setSaid] = useState('')
  const act = (work: () => Promise<string> | string) => async () => {
    try {
      setSaid('…')
      setSaid(await work())
    } catch (error) {
      setSaid(describeFailure(error))
    }
  }
  const actions: Record<string, () => Promise<string> | string> = {
    async Copy() {
      const { sessionId } = client.getState()
      if (!sessionId) return 'There is no session id to copy.'
      await navigator.clipboard.writeText(sessionId)
      return 'The session id is copied.'
    },
    async 'Ask again'() {
      await client.queryOptions.queryFn()
      return 'The server confirmed the session.'
    },
    async Reset() {
      await client.reset()
      return 'The session was left in every tab, and a new one began.'
    },
    Forget() {
      client.forget()
      return 'The session is forgotten in every tab.'
    },
    Lose: () => loseSession(client),
    'Export trace'() {
      const { persistence, session } = client.getState()
      downloadTrace(makeTrace(lanes, persistence, stored, Object.values(session ?? {})))
      return 'The trace is downloaded, without ids.'
    },
  }
  return (
    <div className="actions">
      {Object.entries(actions).map(([name, work]) => (
        <button key={name} type="button" onClick={act(work)}>
          {name}
        </button>
      ))}
      <p role="status">{said}</p>
    </div>
  )
}

const describeFailure = (error: unknown): string =>
  isSessionError(error) ? `${error.code}: ${error.message}` : `It failed: ${describeThrown(error)}`
