// The stand-in makes the anonymous visitor at the first get-session: one request less than signIn.anonymous().
import { createAuthClient } from 'better-auth/react'
import { useEffect, useRef } from 'react'

export function createVisitor(ids) {
  const client = createAuthClient({ basePath: '/better-auth' })
  function Associate() {
    const { data } = client.useSession()
    const isSent = useRef(false)
    useEffect(() => {
      if (!data || isSent.current) return
      isSent.current = true
      client.$fetch('/update-session', { method: 'POST', body: ids })
    }, [data])
    return null
  }
  return {
    Provider: ({ children }) => (
      <>
        {ids && <Associate />}
        {children}
      </>
    ),
    useId: () => client.useSession().data?.session.id,
  }
}
