// Auth.js knows no anonymous visitor; the stand-in makes one where the cookie is missing, as a `jwt` callback can.
import { SessionProvider, useSession } from 'next-auth/react'
import { useEffect, useRef } from 'react'

function Associate({ ids }) {
  const { status, update } = useSession()
  const isSent = useRef(false)
  useEffect(() => {
    if (status !== 'authenticated' || isSent.current) return
    isSent.current = true
    update(ids)
  }, [status, update, ids])
  return null
}

export const createVisitor = (ids) => ({
  Provider: ({ children }) => (
    <SessionProvider basePath="/next-auth">
      {ids && <Associate ids={ids} />}
      {children}
    </SessionProvider>
  ),
  useId: () => useSession().data?.sessionId,
})
