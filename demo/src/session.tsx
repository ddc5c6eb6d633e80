import type { ReactNode } from 'react'
import { SessionProvider } from 'storefront-session'
import { recordEvent, recordedFetch } from './record.ts'

export const ShopSession = ({ consent, children }: { consent: boolean; children: ReactNode }) => (
  <SessionProvider baseUrl="/gks-server/v1" enabled={consent} fetch={recordedFetch} onEvent={recordEvent}>
    {children}
  </SessionProvider>
)
