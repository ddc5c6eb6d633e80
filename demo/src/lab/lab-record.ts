import { useSyncExternalStore } from 'react'
import { hearTabs, pingTabs, TAB } from '../tabs/tab-link.ts'
import type { Note, TabReport } from '../tabs/tab-notes.ts'

/** A tab, with the name that the laboratory gives it. */
export interface LabTab extends TabReport {
  name: string
}

/** What the laboratory knows of all tabs of this browser. */
export interface LabRecord {
  tabs: readonly LabTab[]
  /** The oldest first. */
  notes: readonly Note[]
  /** Also of tabs that are gone. */
  nameOf(tab: string): string
}

const KEPT = 160
const PING_MS = 4_000
/** So many pings without an answer: the tab crashed or sleeps. */
const PATIENCE = 2

const names = new Map<string, string>()
const silent = new Map<string, number>()
const listeners = new Set<() => void>()
let windows = 0
let record: LabRecord = { tabs: [], notes: [], nameOf }

function nameOf(tab: string): string {
  return names.get(tab) ?? 'A tab'
}

function nameTab({ tab, label }: TabReport): string {
  const known = names.get(tab)
  if (known) return known
  if (tab !== TAB && !label) windows += 1
  const name = label ? `Tab ${label}` : tab === TAB ? 'This page' : `Window ${windows}`
  names.set(tab, name)
  return name
}

function keep(next: Partial<LabRecord>): void {
  record = { ...record, ...next }
  for (const listener of listeners) listener()
}

const drop = (gone: string) => {
  silent.delete(gone)
  keep({ tabs: record.tabs.filter(({ tab }) => tab !== gone) })
}

function addTab(report: TabReport): void {
  silent.set(report.tab, 0)
  const tab = { ...report, name: nameTab(report) }
  const isKnown = record.tabs.some((other) => other.tab === tab.tab)
  const tabs = isKnown
    ? record.tabs.map((other) => (other.tab === tab.tab ? tab : other))
    : [...record.tabs, tab]
  keep({ tabs })
}

function addNote(note: Note): void {
  const isKnown = record.notes.some(({ key }) => key === note.key)
  const notes = isKnown
    ? record.notes.map((other) => (other.key === note.key ? note : other))
    : [...record.notes, note].sort((a, b) => a.at - b.at).slice(-KEPT)
  keep({ notes })
}

/** Listens while somebody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1) end = listen()
  return () => {
    listeners.delete(listener)
    if (!listeners.size) end()
  }
}
let end = () => {
  // Nothing is heard yet.
}

function listen(): () => void {
  const stop = hearTabs((message) => {
    if (message.kind === 'tab') addTab(message)
    else if (message.kind === 'gone') drop(message.tab)
    else if (message.kind === 'request' || message.kind === 'event') addNote(message)
  })
  const timer = setInterval(() => {
    for (const [tab, count] of silent) {
      if (tab === TAB) continue
      if (count >= PATIENCE) drop(tab)
      else silent.set(tab, count + 1)
    }
    pingTabs()
  }, PING_MS)
  return () => {
    clearInterval(timer)
    stop()
  }
}

export const useLabRecord = (): LabRecord => useSyncExternalStore(subscribe, () => record)
