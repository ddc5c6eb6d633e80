import { index, type RouteConfig, route } from '@react-router/dev/routes'

export default [
  index('routes/shop.tsx'),
  route('cart', 'routes/cart.tsx'),
  route('api/cart', 'routes/api-cart.ts'),
  route('gks-server/v1/*', 'routes/session-api.ts'),
] satisfies RouteConfig
