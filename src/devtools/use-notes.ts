import { useEffect, useState } from 'react'
import type { SessionClient, SessionNote } from '../core.ts'

/** Something that happened, as a line of a timeline. */
export interface Moment {
  key: number
  at: string
  text: string
}

interface Timelines {
  events: readonly Moment[]
  requests: readonly Moment[]
}

const MOMENTS = 50
const NOTHING: Timelines = { events: [], requests: [] }
let count = 0

/** What the client tells from now on: its events, and the requests that carried the id. The newest comes first. */
export function useNotes(client: SessionClient): Timelines {
  const [timelines, setTimelines] = useState(NOTHING)
  useEffect(() => {
    const end = client.observe((note) => {
      if (note.type === 'called' || note.type === 'unattached') return
      const moment = { key: ++count, at: new Date().toLocaleTimeString(), text: describe(note) }
      const name = note.type === 'attached' ? 'requests' : 'events'
      setTimelines((before) => ({ ...before, [name]: [moment, ...before[name]].slice(0, MOMENTS) }))
    })
    return () => {
      end()
      // Another client has a history of its own.
      setTimelines(NOTHING)
    }
  }, [client])
  return timelines
}

function describe(note: SessionNote): string {
  if (note.type === 'attached') return `${note.method} ${note.path}`
  return [note.type, 'sessionId' in note && note.sessionId, 'fields' in note && note.fields.join(', ')]
    .filter(Boolean)
    .join(' · ')
}
