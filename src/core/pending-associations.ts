import {
  ASSOCIATION_FIELDS,
  type AssociationField,
  type Associations,
  fieldsOf,
  isAssociationId,
} from '../wire/session-info.ts'
import type { Persistence } from './persistence.ts'

/**
 * Ids that were accepted and that the server has not confirmed. The last value of each field counts; a field
 * has a key of its own in storage, so that two tabs which associate different fields both win.
 */
export interface PendingAssociations {
  /** What is to be sent, also what other tabs or an earlier visit accepted. */
  ids(): Associations
  /** The same, and what this page still waits for: another tab may have sent that, or lost it. */
  unconfirmed(): Associations
  /** The latest values that this page accepted for the session, confirmed or not. */
  own(): Associations
  accept(ids: Associations): void
  /** The server has these values. What this page accepted and has sent is older, where it is another. */
  learn(ids: Associations): void
  /** Whether somebody waits for this field. */
  isOpen(field: AssociationField): boolean
  /** Somebody waits for a field that is gone from storage: another tab has sent it, or lost it. Changes nothing. */
  isGone(): boolean
  /** Resolves when the server has confirmed these fields or later values of them; rejects when they are refused. */
  confirmation(ids: Associations): Promise<void>
  /** The server has confirmed these values, or refused them for good. */
  settle(ids: Associations, refusal?: unknown): void
  /** Reads storage again. Returns whether another tab changed something. */
  sync(): boolean
  /** The session was left: what this page accepted for it is never sent. */
  clear(reason: unknown): void
}

interface Waiting {
  fields: AssociationField[]
  resolve: () => void
  reject: (reason: unknown) => void
}

export function createPendingAssociations(
  { read, write, isShared }: Persistence,
  /** Ids are bound to it: those of a customer who signed out are not sent for the next one. */
  generation: () => string,
): PendingAssociations {
  let pending: Associations = {}
  let own: Associations = {}
  let waiting: Waiting[] = []

  const isAwaited = (field: AssociationField) => waiting.some(({ fields }) => fields.includes(field))
  const stored = (value: string) => `${generation()} ${value}`

  const sync = () => {
    const before = pending
    pending = {}
    for (const field of ASSOCIATION_FIELDS) {
      const [boundTo, value] = read(`:${field}`)?.split(' ') ?? []
      if (boundTo === generation() && isAssociationId(value)) {
        pending[field] = value
        // Another tab had the last word.
        if (own[field]) own[field] = value
      } else if (boundTo !== undefined) write(`:${field}`, null)
    }
    return ASSOCIATION_FIELDS.some((field) => pending[field] !== before[field])
  }

  return {
    ids: () => pending,
    unconfirmed() {
      const unconfirmed = { ...pending }
      for (const field of fieldsOf(own)) if (isAwaited(field)) unconfirmed[field] ??= own[field]
      return unconfirmed
    },
    own: () => own,
    accept(ids) {
      pending = { ...pending, ...ids }
      own = { ...own, ...ids }
      for (const field of fieldsOf(ids)) write(`:${field}`, stored(String(ids[field])))
    },
    learn(ids) {
      for (const field of fieldsOf(own)) if (!pending[field] && ids[field]) own[field] = ids[field]
    },
    isOpen: (field) => !!pending[field] || isAwaited(field),
    isGone: () => ASSOCIATION_FIELDS.some((field) => read(`:${field}`) === null && isAwaited(field)),
    confirmation: (ids) =>
      new Promise((resolve, reject) => {
        waiting.push({ fields: fieldsOf(ids), resolve, reject })
      }),
    settle(ids, refusal) {
      const settled = fieldsOf(ids).filter((field) => (pending[field] ?? own[field]) === ids[field])
      pending = { ...pending }
      for (const field of settled) {
        delete pending[field]
        if (refusal) delete own[field]
        if (read(`:${field}`) === stored(String(ids[field]))) write(`:${field}`, null)
      }
      waiting = waiting.filter((one) => {
        const open = one.fields.filter((field) => !settled.includes(field))
        const isRefused = refusal && open.length < one.fields.length
        one.fields = open
        if (isRefused) one.reject(refusal)
        else if (!open.length) one.resolve()
        return !isRefused && open.length
      })
    },
    sync,
    clear(reason) {
      own = {}
      for (const { reject } of waiting.splice(0)) reject(reason)
      // In a storage of its own there is nothing of another tab's.
      if (!isShared()) for (const field of ASSOCIATION_FIELDS) write(`:${field}`, null)
      sync()
    },
  }
}
