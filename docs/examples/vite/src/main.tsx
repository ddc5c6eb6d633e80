import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionProvider } from 'storefront-session'
import { Shop } from './shop'

const queryClient = new QueryClient()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionProvider baseUrl="/gks-server/v1" attach={{ to: ['/gks-server/v1', '/api'] }}>
        <Shop />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
)
