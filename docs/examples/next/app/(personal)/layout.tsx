import type { ReactNode } from 'react'
import { currentSession, currentUser } from '../../lib/sessions'
import { Providers } from '../providers'

// With `initialSession`: the server renders the id that the visitor's own cookie names. Never let a CDN keep this page.
export default async function Layout({ children }: { children: ReactNode }) {
  const session = await currentSession()
  return (
    <html lang="en">
      <body>
        <Providers user={await currentUser()} initialSession={session ?? undefined}>
          {children}
        </Providers>
      </body>
    </html>
  )
}
