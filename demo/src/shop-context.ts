import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { SessionClient } from 'storefront-session'

/** What the whole page shares. v2: `useSessionClient()` gives the client. */
export interface ShopContextValue {
  client: SessionClient
  queryClient: QueryClient
}

export const ShopContext = createContext<ShopContextValue | undefined>(undefined)

export function useShop(): ShopContextValue {
  const value = useContext(ShopContext)
  if (!value) throw new Error('useShop needs a <ShopContext> above it')
  return value
}
