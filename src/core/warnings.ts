import { type Associations, fieldsOf } from '../wire/session-info.ts'

const told = new Set<string>()

/** Development only: warns once of each text. */
export function warn(text: string): void {
  if (told.has(text)) return
  told.add(text)
  console.warn(`storefront-session: ${text}`)
}

/** Development only: an id that is the text of a missing value, as in `String(user?.id)`. */
export function warnOfTexts(ids: Associations): void {
  for (const field of fieldsOf(ids))
    if (['undefined', 'null', 'NaN'].includes(String(ids[field])))
      warn(
        `${field} is the text '${ids[field]}'. Is a value missing? Pass the id itself, or nothing: associate({ ${field}: user?.id }).`,
      )
}

/** Started clients of this page by storage key: which API each one asks. */
const apis = new Map<string, Map<object, string>>()

/** Development only: two clients of one page must not keep sessions of different APIs under one key. */
export function watchSharedKey(client: object, storageKey: string, api: string): void {
  const users = apis.get(storageKey) ?? new Map<object, string>()
  for (const other of users.values())
    if (other !== api)
      warn(
        `two clients of this page use the storageKey '${storageKey}' for different APIs (${[other, api].sort().join(' and ')}). They would take each other's session for lost: give each its own storageKey.`,
      )
  apis.set(storageKey, users.set(client, api))
}

/** Development only: the client has ended. */
export function unwatchSharedKey(client: object, storageKey: string): void {
  apis.get(storageKey)?.delete(client)
}
