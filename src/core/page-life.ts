import { parseSessionInfo } from '../wire/answer.ts'
import { disabled, forgotten, left, rested } from './departure.ts'
import { cacheEmptied, enabled, recalled, slept, started, stopped, woke } from './lifecycle.ts'
import { followed, heard, looked, noticed } from './looks.ts'
import { watchPage } from './page-watch.ts'
import { phaseOf, type Session } from './session.ts'
import { flush } from './session-requests.ts'
import { turn } from './turn.ts'
import { unwatchSharedKey, watchSharedKey } from './warnings.ts'

/** Restores or creates the session, and follows page, network and other tabs. */
export function start(session: Session): void {
  if (!session.isBrowser || session.isStarted) return
  const { baseUrl, tenantId } = session.options
  if (process.env.NODE_ENV !== 'production')
    watchSharedKey(session, session.storageKey, tenantId ? `${baseUrl}, tenant ${tenantId}` : baseUrl)
  turn(session, started)
  const { eraseOnServer, resume } = session.options
  // Also without consent: what was to be erased when it was withdrawn.
  if (eraseOnServer || resume) void session.erasing.settled()
}

export function stop(session: Session): void {
  if (!session.isStarted && !session.isActive) return
  if (process.env.NODE_ENV !== 'production') unwatchSharedKey(session, session.storageKey)
  turn(session, stopped)
  session.erasing.stop()
  // StrictMode stops and starts again at once, and an app may ask for something: what is under way goes on then.
  queueMicrotask(() => {
    if (!session.isActive) turn(session, rested)
  })
}

export function setEnabled(session: Session, isEnabled: boolean): void {
  if (isEnabled !== session.isEnabled && session.isBrowser) turn(session, isEnabled ? enabled : disabled)
}

export function forget(session: Session): void {
  if (session.isBrowser) turn(session, (record) => forgotten(record, true))
}

/** Another tab told something. A message is a hint: storage is read again. */
export function hear(session: Session, message: unknown): void {
  if (!session.isEnabled) return
  turn(session, (record) => {
    const info = parseSessionInfo(message)
    if (info) return heard(record, info, true)
    if (noticed(record, message)) return
    const { lifetime } = record
    looked(record, true)
    // Two clients of one page may have a storage in common after all.
    if (message === 'leave' && record.lifetime === lifetime) left(record, 'peer')
  })
}

/**
 * Opens and closes what listens, as the phase of the client asks for it. Runs after each turn.
 */
export function createListening(session: Session): () => void {
  let close: (() => void) | undefined
  const open = () => {
    const endings = [
      session.cache.listen((isEmptied) => turn(session, (record) => isEmptied && cacheEmptied(record))),
      watchPage(session.environment, session.storageKey, {
        follow: (value) =>
          turn(session, (record) => {
            if (!noticed(record, value)) followed(record)
          }),
        wake: () => turn(session, recalled),
        show: () => turn(session, woke),
        sleep: () => turn(session, slept),
        hide() {
          flush(session)
          turn(session, slept)
        },
      }),
      session.channel.close,
    ]
    return () => {
      for (const end of endings) end()
    }
  }
  return () => {
    const phase = phaseOf(session)
    if (phase === 'open') {
      session.channel.open()
      close ??= open()
    } else if (phase === 'deaf') session.channel.close()
    else {
      close?.()
      close = undefined
    }
  }
}
