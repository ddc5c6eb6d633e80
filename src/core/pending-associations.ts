import {
  ASSOCIATION_FIELDS,
  type AssociationField,
  type Associations,
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
  /** The latest values that this page accepted for the session, confirmed or not. */
  accepted(): Associations
  accept(ids: Associations): void
  /** Resolves when the server has confirmed these fields or later values of them; rejects when they are refused. */
  confirmation(ids: Associations): Promise<void>
  /** The server has confirmed these values, or refused them for good. */
  settle(ids: Associations, refusal?: unknown): void
  /** Reads storage again. Returns accepted fields that are gone from it: another tab sent them, or lost them. */
  sync(): Associations
  /** The session was left: nothing of it is ever sent. */
  clear(reason: unknown): void
}

export function createPendingAssociations(
  persistence: Persistence,
  /** Ids are bound to it: those of a customer who signed out are not sent for the next one. */
  generation: () => string,
): PendingAssociations {
  let pending: Associations = {}
  let accepted: Associations = {}
  let waiting: { fields: Set<AssociationField>; resolve: () => void; reject: (reason: unknown) => void }[] =
    []

  const write = (field: AssociationField, value: string | undefined) =>
    persistence.write(`:${field}`, value === undefined ? null : `${generation()} ${value}`)

  const done = (fields: AssociationField[], refusal?: unknown) => {
    waiting = waiting.filter(({ fields: open, resolve, reject }) => {
      const hit = fields.filter((field) => open.delete(field)).length
      if (hit && refusal) reject(refusal)
      else if (!open.size) resolve()
      else return true
      return false
    })
  }

  return {
    ids: () => pending,
    accepted: () => accepted,
    accept(ids) {
      pending = { ...pending, ...ids }
      accepted = { ...accepted, ...ids }
      for (const field of ASSOCIATION_FIELDS) if (ids[field]) write(field, ids[field])
    },
    confirmation: (ids) =>
      new Promise((resolve, reject) => {
        waiting.push({ fields: new Set(Object.keys(ids) as AssociationField[]), resolve, reject })
      }),
    settle(ids, refusal) {
      const settled = ASSOCIATION_FIELDS.filter(
        (field) => ids[field] && (pending[field] ?? accepted[field]) === ids[field],
      )
      pending = { ...pending }
      for (const field of settled) {
        delete pending[field]
        if (refusal) delete accepted[field]
        if (persistence.read(`:${field}`) === `${generation()} ${ids[field]}`) write(field, undefined)
      }
      done(settled, refusal)
    },
    sync() {
      const gone: Associations = {}
      const now: Associations = {}
      for (const field of ASSOCIATION_FIELDS) {
        const [boundTo, value] = persistence.read(`:${field}`)?.split(' ') ?? []
        if (boundTo === generation() && isAssociationId(value)) {
          now[field] = value
          // Another tab had the last word.
          if (accepted[field]) accepted[field] = value
        } else {
          if (boundTo !== undefined) write(field, undefined)
          if (pending[field] && pending[field] === accepted[field]) gone[field] = pending[field]
        }
      }
      pending = now
      return gone
    },
    clear(reason) {
      pending = {}
      accepted = {}
      for (const field of ASSOCIATION_FIELDS) write(field, undefined)
      const left = waiting
      waiting = []
      for (const { reject } of left) reject(reason)
    },
  }
}
