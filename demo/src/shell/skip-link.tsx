import { useRouterState } from '@tanstack/react-router'
import type { MouseEvent } from 'react'

/** The first stop of the Tab key. */
export function SkipLink({ isLab }: { isLab: boolean }) {
  const isList = useRouterState({ select: ({ location }) => location.pathname === '/' })
  const target = isList ? 'products' : 'main'
  const skip = (event: MouseEvent) => {
    event.preventDefault()
    document.getElementById(target)?.focus()
  }
  return (
    <a className="skip" href={`#${target}`} onClick={skip}>
      {isList ? 'Skip to products' : isLab ? 'Skip to the laboratory' : 'Skip to content'}
    </a>
  )
}
