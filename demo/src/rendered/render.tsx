import { renderToString } from 'react-dom/server'
import { createSessionClient, SessionError } from 'storefront-session'
import { BASE_URL } from '../session-address.ts'
import { RenderedShop } from './rendered-shop.tsx'

/** Runs on the demo's server: the markup of one request, which shares nothing with another. */
export async function render(storageKey: string): Promise<string> {
  const client = createSessionClient({ baseUrl: BASE_URL, storageKey })
  const ready = await client.ready().then(
    () => 'a session',
    (error: unknown) => (error instanceof SessionError ? error.code : 'an error'),
  )
  return renderToString(<RenderedShop storageKey={storageKey} ready={ready} />)
}
