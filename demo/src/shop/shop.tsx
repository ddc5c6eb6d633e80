import { useState } from 'react'
import { ProductArt } from './product-art.tsx'
import { products } from './products.ts'
import './shop.css'

export function Shop() {
  const [cart, setCart] = useState<Readonly<Record<string, number>>>({})
  const lines = products.filter(({ name }) => cart[name])
  const total = lines.reduce((sum, { name, price }) => sum + price * (cart[name] ?? 0), 0)
  const add = (name: string, by: number) => setCart({ ...cart, [name]: (cart[name] ?? 0) + by })
  return (
    <>
      <ul className="products" id="products">
        {products.map(({ art, name, note, price }) => (
          <li key={name}>
            <ProductArt art={art} />
            <h2>{name}</h2>
            <p>{note}</p>
            <div className="row">
              <strong>€{price}</strong>
              <button type="button" aria-label={`Add ${name} to the cart`} onClick={() => add(name, 1)}>
                Add
              </button>
            </div>
          </li>
        ))}
      </ul>
      <section className="cart" aria-labelledby="cart-title">
        <h2 id="cart-title">Cart</h2>
        <p role="status">{total ? `Total €${total}` : 'Nothing in it yet.'}</p>
        <ul>
          {lines.map(({ name }) => (
            <li key={name} className="row">
              {cart[name]} × {name}
              <button type="button" aria-label={`Remove one ${name}`} onClick={() => add(name, -1)}>
                Remove
              </button>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
