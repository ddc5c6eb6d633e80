import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useSessionClient } from 'storefront-session'
import { readFrameOrder } from '../page/frame.ts'
import { announce } from '../shell/announcer.tsx'
import { type Consent, chooseConsent, useConsent } from './consent.ts'

let isReopened = false
let opener: Element | null = null
const listeners = new Set<() => void>()

function setReopened(value: boolean): void {
  isReopened = value
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Asks again, for a visitor who wants to change the choice. */
export function openConsent(): void {
  opener = document.activeElement
  setReopened(true)
}

const isFrame = readFrameOrder() !== undefined

const CHOSEN: Record<'yes' | 'no', string> = {
  yes: 'Thank you. This browser remembers your session.',
  no: 'Nothing is kept. The shop works all the same.',
}

/** The question, until it is answered, and whenever the visitor asks for it. A frame of the laboratory leaves it to the page around it. */
export function ConsentBanner() {
  const client = useSessionClient()
  const consent = useConsent()
  const reopened = useSyncExternalStore(subscribe, () => isReopened)
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    if (reopened) heading.current?.focus()
  }, [reopened])

  if (!reopened && (consent !== null || isFrame)) return null
  const choose = (choice: 'yes' | 'no') => {
    chooseConsent(client, choice)
    setReopened(false)
    announce(CHOSEN[choice])
    const next = opener instanceof HTMLElement ? opener : document.getElementById('main')
    next?.focus({ preventScroll: true })
    opener = null
  }
  return (
    <section className="consent" aria-labelledby="consent-title">
      <div>
        <h2 id="consent-title" ref={heading} tabIndex={-1}>
          May this browser remember your session?
        </h2>
        <p>
          With your yes, one id is kept here, so that your cart and our help know you in every tab. Until you
          choose, nothing is stored and nothing is sent. <Current consent={consent} />
        </p>
      </div>
      <div className="consent-choices">
        <button type="button" onClick={() => choose('no')}>
          Refuse
        </button>
        <button type="button" className="primary" onClick={() => choose('yes')}>
          Accept
        </button>
      </div>
    </section>
  )
}

const Current = ({ consent }: { consent: Consent }) =>
  consent && <strong>{consent === 'yes' ? 'Your choice now: accepted.' : 'Your choice now: refused.'}</strong>
