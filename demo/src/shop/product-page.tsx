import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useSessionClient } from 'storefront-session'
import { useChangeCart } from '../cart/use-cart.ts'
import { NotFound } from '../shell/not-found.tsx'
import { View, ViewHeading } from '../shell/view.tsx'
import { ProductArt } from './product-art.tsx'
import { findProduct, type Product, products } from './products.ts'

export function ProductPage() {
  const { slug } = useParams({ from: '/products/$slug' })
  const product = findProduct(slug)
  return product ? <ProductView product={product} /> : <NotFound />
}

function ProductView({ product }: { product: Product }) {
  const { slug, name, price, text, facts, kind } = product
  const changeCart = useChangeCart()
  return (
    <View title={name} className="product">
      <div className={`art ${slug}`}>
        <ProductArt slug={slug} />
      </div>
      <div className="product-text">
        <p className="crumb">
          <Link to="/" search={{ kind }}>
            {kind}
          </Link>
        </p>
        <ViewHeading>{name}</ViewHeading>
        <p className="lead">{text}</p>
        <div className="buy">
          <strong className="price">€{price}</strong>
          <button type="button" className="primary" onClick={() => changeCart(slug, 1)}>
            <span>
              Add<span className="unseen"> {name}</span> to cart
            </span>
          </button>
        </div>
        <Stock slug={slug} />
        <dl className="facts">
          {Object.entries(facts).map(([term, fact]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
        </dl>
        <p>
          <Link to="/help" search={{ q: name }}>
            Questions about it?
          </Link>
        </p>
      </div>
      <section className="others" aria-labelledby="others-title">
        <h2 id="others-title">Goes well with</h2>
        <ul>
          {othersThan(product).map((other) => (
            <li key={other.slug}>
              <Link to="/products/$slug" params={{ slug: other.slug }}>
                <span className={`art ${other.slug}`}>
                  <ProductArt slug={other.slug} />
                </span>
                {other.name}
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </View>
  )
}

/** The same for every visitor: a request below `attach.to` that `attach.when` refuses. */
function Stock({ slug }: { slug: string }) {
  const client = useSessionClient()
  const { data } = useQuery({
    queryKey: ['stock', slug],
    queryFn: async ({ signal }) => {
      const response = await client.fetch(`/api/stock/${slug}`, { signal })
      // The demo's own server stands behind this address, so its answer is trusted.
      return (await response.json()) as { pieces: number }
    },
    staleTime: 60_000,
  })
  return <p className="stock">{data ? `${data.pieces} in the workshop, sent tomorrow` : 'Sent tomorrow'}</p>
}

function othersThan({ slug }: Product): Product[] {
  const at = products.findIndex((product) => product.slug === slug)
  return [1, 3, 5].flatMap((step) => products[(at + step) % products.length] ?? [])
}
