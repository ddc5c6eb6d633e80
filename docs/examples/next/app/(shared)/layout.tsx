import type { ReactNode } from 'react'
import { currentUser } from '../../lib/sessions'
import { Providers } from '../providers'

// Without `initialSession`: the browser restores or creates the session.
export default async function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Providers user={await currentUser()}>{children}</Providers>
      </body>
    </html>
  )
}
