'use client'

export { SessionDevtools, type SessionDevtoolsProps } from './devtools/session-devtools.tsx'
export { SessionDevtoolsPanel, type SessionDevtoolsPanelProps } from './devtools/session-devtools-panel.tsx'
export { type SessionDevtoolsPlugin, sessionDevtoolsPlugin } from './devtools/session-devtools-plugin.tsx'
