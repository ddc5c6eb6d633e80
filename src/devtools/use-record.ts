import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useSessionClient } from '../react/use-session-client.ts'
import type { Lane } from './lane.ts'
import { createRecorder, NO_LANES } from './recorder.ts'
import { readStored, type StoredValue } from './stored-values.ts'

/** What this tab and the others with devtools tell, this tab first; empty on a server. */
export function useLanes(): readonly Lane[] {
  const client = useSessionClient()
  const recorder = useMemo(() => createRecorder(client), [client])
  return useSyncExternalStore(recorder.subscribe, recorder.lanes, () => NO_LANES)
}

const LOOK_MS = 1_000
const NOTHING: readonly StoredValue[] = []

/** What storage holds. Storage does not tell a page of what it writes itself, so it is looked at once a second. */
export function useStored(storageKey: string): readonly StoredValue[] {
  const client = useSessionClient()
  const [stored, setStored] = useState(NOTHING)
  useEffect(() => {
    const look = () => {
      const now = readStored(storageKey, client.getState().persistence)
      setStored((before) => (JSON.stringify(now) === JSON.stringify(before) ? before : now))
    }
    look()
    const unsubscribe = client.subscribe(look)
    const timer = setInterval(look, LOOK_MS)
    return () => {
      unsubscribe()
      clearInterval(timer)
    }
  }, [client, storageKey])
  return stored
}
