// Readers and components of an app. React Compiler 1.0 compiles this file (vite.config.ts), as a storefront's build does.
import { useState } from 'react'
import {
  SessionProvider,
  type SessionProviderProps,
  type UseSessionResult,
  useAssociate,
  useSession,
  useSessionFetch,
} from 'storefront-session'

export function Id() {
  const { sessionId } = useSession()
  return <p data-testid="id">{sessionId ?? 'none'}</p>
}

export function Selected() {
  const customer = useSession(({ session }) => session?.customerId)
  return <p data-testid="selected">{customer ?? 'nobody'}</p>
}

/** Hands the session to a child that the compiler keeps as long as the session is the same. */
export function Handing() {
  const session = useSession()
  return (
    <section>
      <Customer session={session} />
    </section>
  )
}

function Customer({ session }: { session: UseSessionResult }) {
  return <p data-testid="handed">{session.session?.customerId ?? 'nobody'}</p>
}

/** Reads a field only once it is opened. */
export function Details() {
  const session = useSession()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        Details
      </button>
      {isOpen && <p data-testid="visit">{session.session?.visitId ?? 'no visit'}</p>}
    </>
  )
}

export function Account({ initialCustomer }: { initialCustomer?: string }) {
  const [customerId, setCustomerId] = useState<string | null>(initialCustomer ?? null)
  useAssociate({ customerId })
  const { status, associate, reset } = useSession()
  return (
    <>
      <p data-testid="status">{status}</p>
      <button type="button" onClick={() => setCustomerId('ada')}>
        Sign in
      </button>
      <button type="button" onClick={() => setCustomerId(null)}>
        Sign out
      </button>
      <button type="button" onClick={() => associate({ visitId: 'v1' })}>
        Visit
      </button>
      <button type="button" onClick={() => reset()}>
        Reset
      </button>
    </>
  )
}

export function Cart({ url }: { url: string }) {
  const fetch = useSessionFetch()
  const [text, setText] = useState('not asked')
  const load = async () => setText(await (await fetch(url)).text())
  return (
    <button type="button" data-testid="cart" onClick={load}>
      {text}
    </button>
  )
}

export function Shop({ client, url }: { client: NonNullable<SessionProviderProps['client']>; url: string }) {
  return (
    <SessionProvider client={client}>
      <Id />
      <Selected />
      <Handing />
      <Details />
      <Account />
      <Cart url={url} />
    </SessionProvider>
  )
}
