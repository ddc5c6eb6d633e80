import { useEffect } from 'react'
import { SessionProvider, useAssociate, useSession } from 'storefront-session'

function Associate({ ids }) {
  useAssociate(ids)
  return null
}
/** For what a benchmark does after the visit has begun. */
function Handle() {
  const { associate, session } = useSession()
  useEffect(() => {
    Object.assign(globalThis.notes, { associate, customer: () => session?.customerId })
  }, [associate, session])
  return null
}

const createWith = (create) => (ids) => ({
  Provider: ({ children }) => (
    <SessionProvider baseUrl="/gks-server/v1" create={create}>
      {ids && <Associate ids={ids} />}
      {new URL(location.href).searchParams.has('handle') && <Handle />}
      {children}
    </SessionProvider>
  ),
  useId: () => useSession((state) => state.sessionId),
})

export const createVisitor = createWith('server')
/** The browser makes the id. */
export const createOwnVisitor = createWith('client')
