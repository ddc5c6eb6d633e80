import { sessions } from '../sessions.server'
import type { Route } from './+types/api-cart'

export async function loader({ request }: Route.LoaderArgs) {
  const session = await sessions.of(request)
  return Response.json({ items: 0, customer: session?.customerId ?? null })
}
