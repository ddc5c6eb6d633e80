import { useSyncExternalStore } from 'react'

let said = ''
let isEven = false
const listeners = new Set<() => void>()

/** Says it to a screen reader, whatever the visitor does at the moment. */
export function announce(text: string): void {
  said = text
  isEven = !isEven
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The one live region of the page: there from the beginning, so that it is heard. It is seen for a moment, too. */
export function Announcer() {
  // The same text twice is another one.
  const text = useSyncExternalStore(subscribe, () => said + (isEven ? '\u00a0' : ''))
  return (
    <p role="status" className="announcer">
      {text && (
        <span className="toast" key={text}>
          {text}
        </span>
      )}
    </p>
  )
}
