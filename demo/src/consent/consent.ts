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
  const follow = () => client.setEnabled(readConsent() === 'yes')
  return subscribeToValues(follow)
}
