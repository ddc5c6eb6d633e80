// As FastStore's own storefronts do it: each change of the session is validated by the server, which fills it in.
import { createSessionStore } from '@faststore/sdk'
import { useSyncExternalStore } from 'react'

const validate = async (session) => {
  const response = await fetch('/faststore/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operationName: 'ValidateSession', variables: { session } }),
  })
  return (await response.json()).data.validateSession
}

export function createVisitor(ids) {
  const store = createSessionStore(
    { locale: 'en-US', country: 'USA', person: ids ? { id: ids.customerId } : null },
    validate,
  )
  return {
    Provider: ({ children }) => children,
    useId: () => useSyncExternalStore(store.subscribe, store.read, store.readInitial).sessionId,
  }
}
