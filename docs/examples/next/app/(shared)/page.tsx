import { Shop } from '../shop'

export const metadata = { title: 'Shop' }

export default function Page() {
  return (
    <main>
      <h1>Shop</h1>
      <Shop />
    </main>
  )
}
