import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { AppRouter } from './router'
import { client } from './session'

// `fetch` belongs to the link, not to the client. The cast is for `exactOptionalPropertyTypes` only.
export const api = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: 'https://api.shop.example/trpc',
      fetch: (input, init) => client.fetch(input, init as RequestInit),
    }),
  ],
})
