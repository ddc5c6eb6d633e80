/**
 * How each client of docs/examples/fetch-clients makes one GET and one POST. Bundled into a page beside the client's
 * own module; the names are those of the modules.
 */

// Each driver gets the `api` that its module exports; the types of eleven packages are checked by their own tsc.
// biome-ignore lint/suspicious/noExplicitAny: as above
type Api = any

interface Driver {
  get(api: Api): Promise<unknown>
  post(api: Api): Promise<unknown>
}

const QUERY = 'query Cart { ok }'
const MUTATION = 'mutation Add { ok }'
const body = { sku: 'lamp' }

/** Rejects for the result of a client that reports errors in a field. */
const okOf = async (result: Promise<{ error?: unknown; errors?: unknown }>) => {
  const { error, errors } = await result
  if (error || errors) throw new Error(`The client reports ${String(error ?? errors)}`)
}

/** Apollo and urql take parsed documents as well as what `gql` makes; here by the fields that both look at. */
const parsed = async (text: string) => {
  const { parse } = await import('graphql')
  return parse(text)
}

export const drivers: Record<string, Driver> = {
  ky: {
    get: (api) => api.get('cart').json(),
    post: (api) => api.post('cart', { json: body }).json(),
  },
  ofetch: {
    get: (api) => api('/cart'),
    post: (api) => api('/cart', { method: 'POST', body }),
  },
  axios: {
    get: (api) => api.get('/cart'),
    post: (api) => api.post('/cart', body),
  },
  'openapi-fetch': {
    get: (api) => okOf(api.GET('/cart')),
    post: (api) => okOf(api.POST('/cart', { body })),
  },
  'graphql-request': {
    // It always posts; a query is its GET.
    get: (api) => api.request(QUERY),
    post: (api) => api.request(MUTATION),
  },
  apollo: {
    get: async (api) => okOf(api.query({ query: await parsed(QUERY), fetchPolicy: 'network-only' })),
    post: async (api) => okOf(api.mutate({ mutation: await parsed(MUTATION) })),
  },
  urql: {
    get: (api) => okOf(api.query(QUERY, {}, { requestPolicy: 'network-only' }).toPromise()),
    post: (api) => okOf(api.mutation(MUTATION, {}).toPromise()),
  },
  trpc: {
    get: (api) => api.cart.query(),
    post: (api) => api.add.mutate(),
  },
  commercetools: {
    get: (api) => api.execute({ uri: '/cart', method: 'GET' }),
    post: (api) => api.execute({ uri: '/cart', method: 'POST', body }),
  },
  shopify: {
    get: (api) => okOf(api.request(QUERY)),
    post: (api) => okOf(api.request(MUTATION)),
  },
  medusa: {
    get: (api) => api.client.fetch('/cart'),
    post: (api) => api.client.fetch('/cart', { method: 'POST', body }),
  },
}
