import type { SessionClient } from 'storefront-session'
import { readStored, subscribeToValues, useStoredValue, writeStored } from '../page/stored-value.ts'

/** What the visitor chose; null while the question is open, and then nothing is stored and nothing is sent. */
export type Consent = 'yes' | 'no' | null

const KEY = 'halfnote-consent'

export const readConsent = (): Consent => parse(readStored(KEY))

export const useConsent = (): Consent => parse(useStoredValue(KEY)[0])

const parse = (value: string | null): Consent => (value === 'yes' || value === 'no' ? value : null)

/** Takes the visitor's choice. A withdrawal removes at once what the session library has stored, in every tab. */
export function chooseConsent(client: SessionClient, choice: 'yes' | 'no'): void {
  writeStored(KEY, choice)
  if (choice === 'no') client.forget()
}

/** Keeps the session to the choice, whichever tab it was made in. */
export function followConsent(client: SessionClient): () => void {
  const read = () => `${readStored(KEY)} ${readStored(ROUND)}`
  let seen = read()
  const follow = () => {
    if (read() === seen) return
    seen = read()
    client.setEnabled(readConsent() === 'yes')
  }
  // Another tab may have chosen since this page read it.
  client.setEnabled(readConsent() === 'yes')
  return subscribeToValues(follow)
}

const ROUND = 'halfnote-round'

/** After a `forget()` that meant no withdrawal: all tabs follow the choice again. */
export const resumeConsent = (): void => writeStored(ROUND, String(Date.now()))
