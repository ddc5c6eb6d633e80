import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useAssociate, useSessionClient } from 'storefront-session'
import { useCustomer } from '../account/customer.ts'
import { useLiveCart } from '../cart/use-cart.ts'
import { followConsent } from '../consent/consent.ts'
import { ConsentBanner } from '../consent/consent-banner.tsx'
import { useIsWatched } from '../tabs/tab-link.ts'
import { useTabReport } from '../tabs/use-tab-report.ts'
import { Announcer } from './announcer.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import { useNavigationFocus } from './navigation-focus.ts'
import { NetworkNotice } from './network-notice.tsx'
import { SkipLink } from './skip-link.tsx'

const LaneReporter = lazy(async () => ({ default: (await import('../tabs/lane-reporter.tsx')).LaneReporter }))

/** What stands around every view. */
export function Shell() {
  const client = useSessionClient()
  useEffect(() => followConsent(client), [client])
  useNavigationFocus()
  useTabReport()
  const isWatched = useIsWatched()
  const isLab = useRouterState({ select: ({ location }) => location.pathname === '/lab' })
  return (
    <>
      <SkipLink isLab={isLab} />
      <SessionDuties />
      <Header />
      <NetworkNotice />
      <main id="main" tabIndex={-1} className={isLab ? 'lab' : 'shop'}>
        <Outlet />
      </main>
      <Footer />
      <ConsentBanner />
      <Announcer />
      {isWatched && !isLab && (
        <Suspense>
          <LaneReporter />
        </Suspense>
      )}
    </>
  )
}

/** What must go on above all views: the customer is the session's, and the cart is live. It shows nothing. */
function SessionDuties() {
  const [customer] = useCustomer()
  useAssociate({ customerId: customer })
  useLiveCart()
  return null
}
