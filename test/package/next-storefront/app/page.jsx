import { SessionError } from 'storefront-session/core'
import { Visitor } from './visitor.jsx'

// A server component beside the client's: the core has no directive, and runs on both sides.
export default function Page() {
  return (
    <main>
      <h1>{new SessionError('disabled', 'A storefront').message}</h1>
      <Visitor />
    </main>
  )
}
