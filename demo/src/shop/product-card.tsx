import { Link } from '@tanstack/react-router'
import { useChangeCart } from '../cart/use-cart.ts'
import { ProductArt } from './product-art.tsx'
import type { Product } from './products.ts'

export function ProductCard({ product }: { product: Product }) {
  const { slug, name, note, price } = product
  const changeCart = useChangeCart()
  return (
    <li className="card">
      <div className={`art ${slug}`}>
        <ProductArt slug={slug} />
      </div>
      <h3>
        <Link to="/products/$slug" params={{ slug }} className="card-link">
          {name}
        </Link>
      </h3>
      <p className="note">{note}</p>
      <div className="row">
        <strong className="price">€{price}</strong>
        <button type="button" className="add" onClick={() => changeCart(slug, 1)}>
          Add<span className="unseen"> {name}</span>
        </button>
      </div>
    </li>
  )
}
