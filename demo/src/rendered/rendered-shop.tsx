import { SessionProvider, useSession } from 'storefront-session'
import { BASE_URL } from '../session-address.ts'
import { ProductArt } from '../shop/product-art.tsx'
import { products } from '../shop/products.ts'

interface RenderedShopProps {
  storageKey: string
  /** How `client.ready()` ended on the server. */
  ready: string
  /** Hears what each render says of the session. */
  onSeen?: undefined | ((said: string, sessionId: string | null) => void)
}

/** A view of the shop that the server renders and the browser hydrates. */
export const RenderedShop = ({ storageKey, ready, onSeen }: RenderedShopProps) => (
  <SessionProvider baseUrl={BASE_URL} storageKey={storageKey}>
    <main data-ready={ready}>
      <h1>Halfnote, from the server</h1>
      <Greeting onSeen={onSeen} />
      <ul className="products">
        {products.slice(0, 3).map(({ slug, name }) => (
          <li key={slug} className={`art ${slug}`}>
            <ProductArt slug={slug} />
            {name}
          </li>
        ))}
      </ul>
    </main>
  </SessionProvider>
)

function Greeting({ onSeen }: Pick<RenderedShopProps, 'onSeen'>) {
  const { status, sessionId } = useSession()
  const said = `Your session: ${status}, ${sessionId ?? 'no id yet'}`
  onSeen?.(said, sessionId)
  return <p id="greeting">{said}</p>
}
