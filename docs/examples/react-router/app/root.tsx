import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Links, Meta, Outlet, Scripts, ScrollRestoration } from 'react-router'
import { SessionProvider } from 'storefront-session'
import { client } from './session'

export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <link rel="icon" href="data:," />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  )
}

export default function App() {
  const [queryClient] = useState(() => new QueryClient()) // one for each visitor, not one for the server
  return (
    <QueryClientProvider client={queryClient}>
      <SessionProvider client={client}>
        <Outlet />
      </SessionProvider>
    </QueryClientProvider>
  )
}
