import { readStored, subscribeToValues, writeStored } from './stored-value.ts'

const KEY = 'halfnote-offline'

/** Whether the laboratory's switch cuts the network, in every tab of the shop. */
export const isCut = (): boolean => readStored(KEY) === 'yes'

export const cutNetwork = (isOff: boolean): void => writeStored(KEY, isOff ? 'yes' : null)

/**
 * Makes the switch feel real: `navigator.onLine` says so, the events come, and `fetch` rejects as without a network.
 * Once a page, before anything is sent.
 */
export function installNetworkSwitch(): void {
  const native = window.fetch
  const onLine = Object.getOwnPropertyDescriptor(Navigator.prototype, 'onLine')
  let wasCut = false
  const follow = () => {
    if (isCut() === wasCut) return
    wasCut = !wasCut
    if (wasCut) {
      window.fetch = () => Promise.reject(new TypeError('Failed to fetch'))
      Object.defineProperty(navigator, 'onLine', { configurable: true, value: false })
    } else {
      window.fetch = native
      // Without a property of its own, the browser's answer is seen again.
      Reflect.deleteProperty(navigator, 'onLine')
    }
    const isOnline = onLine?.get?.call(navigator) !== false && !wasCut
    window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'))
  }
  subscribeToValues(follow)
  follow()
}

/** For `useSyncExternalStore`. */
export function subscribeToNetwork(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}
