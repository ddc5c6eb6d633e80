import type { SessionClient } from '../core.ts'
import { type Lane, type LaneHead, parseNote, type TabMessage } from './lane.ts'
import { createLaneStore } from './lane-store.ts'
import { openTabLine, type TabLine } from './tab-line.ts'

/** Keeps what this tab and the other tabs with devtools tell, as an external store for React. */
export interface Recorder {
  /** Records from the first subscriber to the last one. */
  subscribe(listener: () => void): () => void
  /** This tab first. The same array until something changes. */
  lanes(): readonly Lane[]
}

const PING_MS = 4_000
/** So many pings without an answer: the tab crashed or sleeps. */
const PATIENCE = 2

export const NO_LANES: readonly Lane[] = []

export function createRecorder(client: SessionClient): Recorder {
  const listeners = new Set<() => void>()
  let recording: ReturnType<typeof startRecording> | undefined
  return {
    lanes: () => recording?.lanes() ?? NO_LANES,
    subscribe(listener) {
      listeners.add(listener)
      recording ??= startRecording(client, () => {
        for (const tell of listeners) tell()
      })
      return () => {
        listeners.delete(listener)
        if (listeners.size) return
        recording?.stop()
        recording = undefined
      }
    },
  }
}

/** Follows the client and the other tabs until it is stopped. */
function startRecording(client: SessionClient, changed: () => void) {
  const tab = Math.random().toString(36).slice(2)
  const store = createLaneStore(tab, headOf(client, null), changed)
  const silences = new Map<string, number>()
  let line: TabLine | undefined

  const tell = (isWhole: boolean) => {
    const { notes, title, path, status, sessionId, busySince } = store.own()
    const head = { title, path, status, sessionId, busySince }
    line?.post({ tab, says: 'head', head, notes: isWhole ? notes : undefined })
  }
  const drop = (other: string) => {
    silences.delete(other)
    store.remove(other)
  }
  const hear = (message: TabMessage) => {
    const { tab: other, says } = message
    // Another page of this origin must not speak for this tab.
    if (other === tab) return
    if (says === 'ask' || says === 'ping') tell(says === 'ask')
    else if (says === 'leave') drop(other)
    else if (says === 'note') store.addNote(other, message.note)
    else {
      silences.set(other, 0)
      store.setHead(other, message.head, message.notes)
    }
  }
  const follow = () => {
    store.setHead(tab, headOf(client, store.own().busySince))
    tell(false)
  }
  const open = () => {
    line ??= openTabLine(`${client.queryOptions.queryKey.join(' ')} devtools`, hear)
    tell(true)
    line.post({ tab, says: 'ask' })
  }
  /** A page in the back-forward cache would be evicted by a message, so it closes its end. */
  const leave = () => {
    line?.post({ tab, says: 'leave' })
    line?.close()
    line = undefined
  }
  const ping = () => {
    for (const [other, count] of silences)
      if (count >= PATIENCE) drop(other)
      else silences.set(other, count + 1)
    line?.post({ tab, says: 'ping' })
    // Navigation within the page changes title and path without an event.
    if (hasMoved(store.own())) follow()
  }

  // The notes of before come at once, when no line is open yet: the first message tells them all.
  const unobserve = client.observe((told) => {
    const note = parseNote(told)
    if (!note) return
    store.addNote(tab, note)
    line?.post({ tab, says: 'note', note })
  })
  const unsubscribe = client.subscribe(follow)
  open()
  addEventListener('pagehide', leave)
  addEventListener('pageshow', open)
  const timer = setInterval(ping, PING_MS)
  return {
    lanes: store.lanes,
    stop() {
      clearInterval(timer)
      removeEventListener('pagehide', leave)
      removeEventListener('pageshow', open)
      unsubscribe()
      unobserve()
      leave()
    },
  }
}

function headOf(client: SessionClient, busySince: number | null): LaneHead {
  const { status, sessionId, isValidating, isAssociating } = client.getState()
  const isBusy = isValidating || isAssociating
  return { ...readPlace(), status, sessionId, busySince: isBusy ? (busySince ?? Date.now()) : null }
}

/** A frame is known by the title that the page around it gives it. */
const readPlace = () => ({
  title: window.frameElement?.getAttribute('title') || document.title,
  path: location.pathname,
})

function hasMoved({ title, path }: Lane): boolean {
  const now = readPlace()
  return now.title !== title || now.path !== path
}
