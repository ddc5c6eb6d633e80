import { useSessionClient } from '../react/use-session-client.ts'
import { Boundary } from './boundary.tsx'
import { Panel } from './panel.tsx'
import { CLASS_NAME, STYLE, type Theme } from './style.ts'
import { useLanes } from './use-record.ts'

/** Props of `SessionDevtoolsPanel`. */
export interface SessionDevtoolsPanelProps {
  /** @default the `color-scheme` of the page */
  theme?: Theme | undefined
  /** For the style element, where a Content Security Policy asks for one. */
  nonce?: string | undefined
}

/**
 * The devtools in normal flow, for a place that you choose: the session's state, a drawn timeline, other tabs, requests
 * with and without the id, what storage holds, and actions.
 *
 * @throws Error outside a `SessionProvider`
 * @example
 * <SessionDevtoolsPanel theme="dark" />
 */
export function SessionDevtoolsPanel({ theme, nonce }: SessionDevtoolsPanelProps) {
  useSessionClient() // Outside the boundary: a provider that is missing is the app's to know.
  return (
    <section className={CLASS_NAME} data-theme={theme} aria-label="Session devtools">
      <style nonce={nonce} suppressHydrationWarning>
        {STYLE}
      </style>
      <Boundary>
        <FlowPanel />
      </Boundary>
    </section>
  )
}

const FlowPanel = () => <Panel lanes={useLanes()} />
