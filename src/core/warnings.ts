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
