import type { ReactElement } from 'react'
import { SessionDevtoolsPanel } from './session-devtools-panel.tsx'
import type { Theme } from './style.ts'

/** A plugin as TanStack Devtools take it. */
export interface SessionDevtoolsPlugin {
  id: string
  name: string
  render(element: HTMLElement, props: Theme | { theme: Theme }): ReactElement
}

/**
 * The devtools as a plugin of TanStack Devtools, in their theme. Put `<TanStackDevtools />` inside the
 * `SessionProvider`.
 *
 * @example
 * <TanStackDevtools plugins={[sessionDevtoolsPlugin()]} />
 */
export const sessionDevtoolsPlugin = (): SessionDevtoolsPlugin => ({
  id: 'storefront-session',
  name: 'Session',
  // Earlier versions hand over the theme alone.
  render: (_element, props) => (
    <SessionDevtoolsPanel theme={typeof props === 'object' ? props?.theme : props} />
  ),
})
