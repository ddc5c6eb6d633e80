// Anonymous sign-in as the documentation of Supabase has it, in a context; the user's id is the visitor's.
import { AuthClient } from '@supabase/auth-js'
import { createContext, useContext, useEffect, useState } from 'react'

export function createVisitor(ids) {
  const auth = new AuthClient({ url: `${location.origin}/supabase`, persistSession: true })
  const Session = createContext(null)
  function Provider({ children }) {
    const [session, setSession] = useState(null)
    useEffect(() => {
      const { data } = auth.onAuthStateChange((_event, next) => setSession(next))
      auth.getSession().then(({ data }) => {
        if (!data.session) auth.signInAnonymously({ options: { data: ids } })
      })
      return () => data.subscription.unsubscribe()
    }, [])
    return <Session value={session}>{children}</Session>
  }
  return { Provider, useId: () => useContext(Session)?.user.id }
}
