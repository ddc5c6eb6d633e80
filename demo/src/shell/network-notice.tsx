import { useSyncExternalStore } from 'react'
import { cutNetwork, isCut, subscribeToNetwork } from '../page/network.ts'

/** Says that the page is offline. The region is always there, so that it is heard when it is filled. */
export function NetworkNotice() {
  const isOnline = useSyncExternalStore(
    subscribeToNetwork,
    () => navigator.onLine,
    () => true,
  )
  return (
    <div role="status" className="network-notice">
      {!isOnline && (
        <p className="notice">
          You are offline. What you put into the cart is sent later.
          {isCut() && (
            <button type="button" onClick={() => cutNetwork(false)}>
              Go online
            </button>
          )}
        </p>
      )}
    </div>
  )
}
