import type { SessionErrorCode } from '../wire/session-error.ts'
import type { AssociationField } from '../wire/session-info.ts'
import type { SessionClientOptions } from './options.ts'
import { report } from './uncaught.ts'

/** What happened to the session. No event carries a customer id. */
export type SessionEvent =
  | {
      /** This tab made a new session. `previousSessionId`: the session before it, where this page knew one. */
      type: 'created'
      sessionId: string
      previousSessionId?: string
    }
  | {
      /** The id was found in storage. */
      type: 'restored'
      sessionId: string
    }
  | {
      /** Another tab's session was taken over. */
      type: 'adopted'
      sessionId: string
    }
  | {
      /** The server answered another id than the one asked for; `sessionId` is the new session that the client made instead. */
      type: 'replaced'
      sessionId: string
      previousSessionId: string
    }
  | {
      /** The API does not know this id any more. */
      type: 'lost'
      sessionId: string
    }
  | {
      /** The server confirmed these fields. */
      type: 'associated'
      sessionId: string
      fields: AssociationField[]
    }
  | {
      /** These fields were refused for good and rolled back. */
      type: 'association-failed'
      sessionId: string | null
      fields: AssociationField[]
    }
  | {
      /** This id was left; a new anonymous session follows. */
      type: 'reset'
      sessionId: string | null
    }
  | {
      /** Everything that was stored is removed. */
      type: 'forgotten'
      sessionId: string | null
    }
  | {
      /** The browser refused storage; the session lives in memory. */
      type: 'storage-unavailable'
      sessionId: string | null
    }

/** Why a request of the storefront went out without the id. */
export type UnattachedReason =
  /** Its URL is not below `attach.to`. */
  | 'outside'
  /** `attach.when` refused it. */
  | 'refused'
  /** No session came within `attach.waitMs`. */
  | 'waited'
  /** The client is disabled: no consent. */
  | 'disabled'

/** What devtools hear: events, requests of the storefront with and without the id, and the calls of the API. */
export type SessionNote = (
  | SessionEvent
  | {
      /** A request of the storefront that carries the id. The path is that of its URL, without the query. */
      type: 'attached'
      sessionId: string
      method: string
      path: string
    }
  | {
      /** A request of the storefront that goes without the id. */
      type: 'unattached'
      method: string
      path: string
      reason: UnattachedReason
    }
  | {
      /** A call of the Session API has ended. Times in milliseconds; `nextTryAt` is a wall clock. */
      type: 'called'
      method: 'PUT' | 'GET' | 'POST' | 'DELETE'
      ms: number
      waitedMs: number
      code: SessionErrorCode | null
      nextTryAt: number | null
    }
) & {
  /** Wall clock in milliseconds. */
  at: number
}

/** A note without its time, one member of the union at a time. */
type NoteBody<Note = SessionNote> = Note extends SessionNote ? Omit<Note, 'at'> : never

/** The app and devtools, who hear of events. */
export interface SessionEvents {
  emit(event: SessionEvent): void
  /** Tells devtools only. */
  note(body: NoteBody): void
  /** Returns the function that ends it. In development the latest notes of this page come first. */
  observe(listener: (note: SessionNote) => void): () => void
}

const KEPT = 100

export function createEvents(
  options: Pick<SessionClientOptions, 'onEvent'>,
  now: () => number,
): SessionEvents {
  const observers = new Set<(note: SessionNote) => void>()
  let history: SessionNote[] = []

  const note = (body: NoteBody) => {
    const told = { ...body, at: now() } as SessionNote // the body of a note with its time is that note
    if (process.env.NODE_ENV !== 'production') {
      // Nothing of an earlier visitor is shown to the next one.
      if (told.type === 'reset' || told.type === 'forgotten') history = []
      history = [...history, told].slice(-KEPT)
    }
    for (const observe of observers) report(() => observe(told))
  }
  return {
    emit(event) {
      report(() => options.onEvent?.(event))
      note(event)
    },
    note,
    observe(listener) {
      for (const told of history) report(() => listener(told))
      observers.add(listener)
      return () => observers.delete(listener)
    },
  }
}
