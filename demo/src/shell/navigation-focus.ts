import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { focusTitle } from './view.tsx'

/** A link leads to the top of the new view and to its heading, as loading a page does; going back keeps the place. */
export function useNavigationFocus(): void {
  const router = useRouter()
  useEffect(() => {
    let isBack = false
    const endHistory = router.history.subscribe(({ action }) => {
      isBack = action.type !== 'PUSH' && action.type !== 'REPLACE'
    })
    const endRouter = router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
      if (!fromLocation || !pathChanged) return
      if (!isBack) window.scrollTo(0, 0)
      focusTitle()
    })
    return () => {
      endHistory()
      endRouter()
    }
  }, [router])
}
