import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useSession } from '../react/use-session.ts'
import { useSessionClient } from '../react/use-session-client.ts'
import { Boundary } from './boundary.tsx'
import type { Lane } from './lane.ts'
import { Panel } from './panel.tsx'
import type { SessionDevtoolsPanelProps } from './session-devtools-panel.tsx'
import { CLASS_NAME, STYLE } from './style.ts'
import { useLanes } from './use-record.ts'

/** Props of `SessionDevtools`. */
export interface SessionDevtoolsProps extends SessionDevtoolsPanelProps {
  /**
   * The corner of the button that opens them.
   * @default 'bottom-left': the button of TanStack Query's devtools is at the bottom right
   */
  position?: 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | undefined
  /** @default false */
  initialIsOpen?: boolean | undefined
}

/**
 * A button in a corner of the page that opens the devtools of the nearest provider's session. Escape closes them. They
 * record from the moment of mounting; in development also the latest notes from before.
 *
 * @throws Error outside a `SessionProvider`
 * @example
 * {import.meta.env.DEV && <SessionDevtools position="top-right" />}
 */
export function SessionDevtools({
  position = 'bottom-left',
  initialIsOpen = false,
  theme,
  nonce,
}: SessionDevtoolsProps) {
  useSessionClient() // Outside the boundary: a provider that is missing is the app's to know.
  return (
    <aside className={CLASS_NAME} data-theme={theme} data-position={position} aria-label="Development">
      <style nonce={nonce} suppressHydrationWarning>
        {STYLE}
      </style>
      <Boundary>
        <Corner initialIsOpen={initialIsOpen} />
      </Boundary>
    </aside>
  )
}

function Corner({ initialIsOpen }: { initialIsOpen: boolean }) {
  const [isOpen, setIsOpen] = useState(initialIsOpen)
  const id = useId()
  const opener = useRef<HTMLButtonElement>(null)
  const status = useSession((session) => session.status)
  const lanes = useLanes()
  const close = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !isOpen) return
    setIsOpen(false)
    opener.current?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes from wherever the focus is inside
    <div className="corner" onKeyDown={close}>
      <button
        ref={opener}
        type="button"
        className="opener"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span className={`dot ${status}`} aria-hidden="true" /> Session: {status}
      </button>
      {isOpen && <OpenPanel id={id} lanes={lanes} />}
    </div>
  )
}

const OpenPanel = ({ id, lanes }: { id: string; lanes: readonly Lane[] }) => (
  <section id={id} className="panel" aria-label="Session devtools">
    <Panel lanes={lanes} />
  </section>
)
