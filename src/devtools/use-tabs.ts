import { useEffect, useRef, useState } from 'react'

/** What the panel of another tab says of its session. */
export interface TabReport {
  tab: string
  status: string
  sessionId: string | null
}

const nothing = (): void => undefined

type Message = TabReport | { tab: string; asks: true } | { tab: string; leaves: true }

/** The other tabs of this browser in which a panel of the same session is mounted. */
export function useTabs(name: string, status: string, sessionId: string | null): readonly TabReport[] {
  const [tabs, setTabs] = useState<readonly TabReport[]>([])
  const latest = useRef({ status, sessionId })
  const report = useRef(nothing)

  useEffect(() => {
    const channel = openChannel(name)
    if (!channel) return
    const tab = Math.random().toString(36).slice(2)
    const post = (message: Message) => channel.postMessage(message)
    report.current = () => post({ tab, ...latest.current })
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ('asks' in data) report.current()
      else
        setTabs((before) => {
          const others = before.filter((other) => other.tab !== data.tab)
          return 'leaves' in data ? others : [...others, data]
        })
    }
    const leave = () => post({ tab, leaves: true })
    const show = () => {
      post({ tab, asks: true })
      report.current()
    }
    show()
    addEventListener('pagehide', leave)
    addEventListener('pageshow', show)
    return () => {
      leave()
      removeEventListener('pagehide', leave)
      removeEventListener('pageshow', show)
      channel.close()
      report.current = nothing
      setTabs([])
    }
  }, [name])

  useEffect(() => {
    latest.current = { status, sessionId }
    report.current()
  }, [status, sessionId])

  return tabs
}

function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name)
  } catch {
    // The browser has none, or refuses it (Firefox with cookies blocked): the other tabs are not seen.
  }
}
