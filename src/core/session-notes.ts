import { report } from './callbacks.ts'
import type { SessionClientOptions, SessionEvent, SessionNote } from './options.ts'

/** Who hears what happens to the session: the app, and devtools. */
export interface SessionNotes {
  emit(event: SessionEvent): void
  /** For devtools alone. */
  note(what: SessionNote): void
  /** Returns the function that ends it. */
  observe(listener: (what: SessionNote) => void): () => void
}

export function createSessionNotes(options: Pick<SessionClientOptions, 'onEvent'>): SessionNotes {
  const observers = new Set<(what: SessionNote) => void>()
  const note = (what: SessionNote) => {
    for (const observe of observers) report(() => observe(what))
  }
  return {
    emit(event) {
      report(() => options.onEvent?.(event))
      note(event)
    },
    note,
    observe(listener) {
      observers.add(listener)
      return () => observers.delete(listener)
    },
  }
}
