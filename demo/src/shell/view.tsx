import { type ReactNode, useEffect } from 'react'

interface ViewProps {
  /** What the browser's tab and history say. */
  title: string
  className?: string
  children: ReactNode
}

/** One view of the page: its title, and around it what makes it a place to arrive at. */
export function View({ title, className, children }: ViewProps) {
  useEffect(() => {
    document.title = `${title} · Halfnote`
  }, [title])
  return <div className={className}>{children}</div>
}

/** The one heading of the first rank. It takes the focus when its view has come in the place of another. */
export const ViewHeading = ({ children, className }: { children: ReactNode; className?: string }) => (
  <h1 id="title" tabIndex={-1} className={className}>
    {children}
  </h1>
)

/** Puts the focus where reading goes on, when what had it is gone. */
export const focusTitle = (): void => document.getElementById('title')?.focus({ preventScroll: true })
