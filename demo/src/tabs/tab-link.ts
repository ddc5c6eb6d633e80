import { readFrameOrder } from '../page/frame.ts'
import type { Note, TabMessage, TabReport } from './tab-notes.ts'

const CHANNEL = 'halfnote-tabs'
/** What a laboratory that opens later still learns. */
const KEPT = 60

export const TAB = Math.random().toString(36).slice(2, 8)
const label = readFrameOrder()?.label ?? null

const listeners = new Set<(message: TabMessage) => void>()
let notes: Note[] = []
let report: TabReport | undefined
let channel: BroadcastChannel | undefined
let isLinked = false

/** A page in the back-forward cache would be evicted by a message, so it closes its end. */
function open(): void {
  try {
    channel ??= new BroadcastChannel(CHANNEL)
  } catch {
    return // Refused by the browser: the laboratory sees its own tab alone.
  }
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind === 'ask') for (const message of latest()) post(message)
    else if (data.kind === 'ping') for (const message of report ? [report] : []) post(message)
    else for (const listener of listeners) listener(data)
  }
}

const post = (message: TabMessage): void => channel?.postMessage(message)

const latest = (): TabMessage[] => [...(report ? [report] : []), ...notes]

function tell(message: TabMessage): void {
  post(message)
  for (const listener of listeners) listener(message)
}

/** Tells the laboratory, in whichever tab it is; a note with a known key replaces the one before. */
export function tellNote(note: Note): void {
  notes = [...notes.filter(({ key }) => key !== note.key), note].slice(-KEPT)
  tell(note)
}

export function tellReport(next: Omit<TabReport, 'kind' | 'tab' | 'label'>): void {
  report = { kind: 'tab', tab: TAB, label, ...next }
  tell(report)
}

/** Hears what all tabs tell, this one included, and asks for what they have told before. */
export function hearTabs(listener: (message: TabMessage) => void): () => void {
  listeners.add(listener)
  for (const message of latest()) listener(message)
  post({ kind: 'ask' })
  return () => listeners.delete(listener)
}

/** Asks all tabs to report again: one that does not is gone. */
export const pingTabs = (): void => post({ kind: 'ping' })

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
    if (report) tell(report)
  })
}
