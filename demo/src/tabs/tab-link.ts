import { useSyncExternalStore } from 'react'
import { readFrameOrder } from '../page/frame.ts'
import type { TabMessage, TabReport } from './tab-report.ts'

const CHANNEL = 'halfnote-tabs'

const TAB = Math.random().toString(36).slice(2, 8)
const label = readFrameOrder()?.label ?? null

const listeners = new Set<(message: TabMessage) => void>()
let report: TabReport | undefined
let channel: BroadcastChannel | undefined
let isLinked = false
/** A laboratory looks at this tab. */
let isWatched = label !== null
const watchers = new Set<() => void>()

/** A page in the back-forward cache would be evicted by a message, so it closes its end. */
function open(): void {
  try {
    channel ??= new BroadcastChannel(CHANNEL)
  } catch {
    return // Refused by the browser: the laboratory sees its own tab alone.
  }
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind !== 'ask') for (const listener of listeners) listener(data)
    else {
      isWatched = true
      for (const watcher of watchers) watcher()
      if (report) post(report)
    }
  }
}

const post = (message: TabMessage): void => channel?.postMessage(message)

/** Tells the laboratory, in whichever tab it is. */
export function tellReport(next: Omit<TabReport, 'kind' | 'tab' | 'label'>): void {
  report = { kind: 'tab', tab: TAB, label, ...next }
  post(report)
}

/** Hears what the other tabs tell, and asks them for it. */
export function hearTabs(listener: (message: TabMessage) => void): () => void {
  listeners.add(listener)
  askTabs()
  return () => listeners.delete(listener)
}

/** Has each tab tell of itself. */
export const askTabs = (): void => post({ kind: 'ask' })

/** Whether a laboratory looks at this tab: only then it loads what that needs. */
export const useIsWatched = (): boolean =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => isWatched,
  )

/** Calling it again does nothing. */
export function linkTab(): void {
  if (isLinked) return
  isLinked = true
  open()
  addEventListener('pagehide', () => {
    post({ kind: 'gone', tab: TAB })
    channel?.close()
    channel = undefined
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    open()
    if (report) post(report)
  })
}
