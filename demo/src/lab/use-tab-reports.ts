import { useSyncExternalStore } from 'react'
import { askTabs, hearTabs } from '../tabs/tab-link.ts'
import type { TabReport } from '../tabs/tab-report.ts'

const listeners = new Set<() => void>()
let tabs: readonly TabReport[] = []

function keep(next: readonly TabReport[]): void {
  tabs = next
  for (const listener of listeners) listener()
}

/** Listens while somebody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1)
    end = hearTabs((message) => {
      if (message.kind === 'ask') return
      // A tab that opened later does not know yet that a laboratory looks.
      if (message.kind === 'tab' && !tabs.some(({ tab }) => tab === message.tab)) askTabs()
      const others = tabs.filter(({ tab }) => tab !== message.tab)
      keep(message.kind === 'tab' ? [...others, message] : others)
    })
  return () => {
    listeners.delete(listener)
    if (!listeners.size) end()
  }
}
let end = (): unknown => undefined

/** What the frames of the laboratory, and other windows, tell of themselves. */
export const useTabReports = (): readonly TabReport[] => useSyncExternalStore(subscribe, () => tabs)
