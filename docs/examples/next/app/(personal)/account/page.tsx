import { Shop } from '../../shop'

export const metadata = { title: 'Your account' }

export default function Page() {
  return (
    <main>
      <h1>Your account</h1>
      <Shop />
    </main>
  )
}
