import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

/** Mounts at once; with `?together` in the address when a message says so, that many tabs begin at one moment. */
export function mountTogether(view: ReactNode): void {
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no #root')
  const mount = () => createRoot(root).render(view)
  if (location.search.includes('together')) {
    new BroadcastChannel('together').onmessage = mount
    document.title = 'waiting'
  } else mount()
}
