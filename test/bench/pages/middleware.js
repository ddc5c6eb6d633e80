// What each HTTP tool adds to fetch when it puts the session into the URL. Runs in the page.
import { ClientBuilder } from '@commercetools/ts-client'
import axios from 'axios'
import ky from 'ky'
import { createFetch } from 'ofetch'
import createOpenapiClient from 'openapi-fetch'
import { createSessionClient } from 'storefront-session/core'

const ID = 'bench-session-0123456789'
const HOST = location.origin
const API = '/gks-server/v1'
const long = JSON.stringify(Array.from({ length: 20 }, (_, id) => ({ id, name: `Shoe ${id}`, price: 4_990 })))
const answers = {
  long,
  short: JSON.stringify({ ok: true }),
  session: JSON.stringify({ statusCode: 0, response: { sessionId: ID } }),
}
let kind = 'long'
let last = ''

/** In place of the network: answers at once. Only `network` is the network. */
const stub = (input) => {
  last = typeof input === 'string' ? input : (input.url ?? input.href)
  if (kind === 'network') return fetch(last)
  const body = answers[last.includes('/sessions/') ? 'session' : kind]
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
  return Promise.resolve(new Response(body, { headers }))
}
const json = (response) => response.json()
const add = (address) => {
  const url = new URL(address, HOST)
  url.searchParams.set('sessionId', ID)
  return url
}

localStorage.setItem('storefront-session', ID)
const client = createSessionClient({ baseUrl: API, fetch: stub })
client.start()

const byHand = (input, init) => {
  const url = new URL(input, location.href)
  if (url.origin === location.origin) url.searchParams.set('sessionId', ID)
  return stub(url.href, init)
}
const byHandFromStorage = (input, init) => {
  const url = new URL(input, location.href)
  const id = localStorage.getItem('storefront-session')
  if (url.origin === location.origin && id) url.searchParams.set('sessionId', id)
  return stub(url.href, init)
}
const withKy = ky.create({
  fetch: stub,
  retry: 0,
  hooks: { beforeRequest: [({ request }) => new Request(add(request.url), request)] },
})
const withOfetch = createFetch({ fetch: stub }).create({
  retry: 0,
  onRequest({ options }) {
    options.query = { ...options.query, sessionId: ID }
  },
})
const withAxios = axios.create({ adapter: 'fetch', env: { fetch: stub } })
withAxios.interceptors.request.use((config) => {
  config.params = { ...config.params, sessionId: ID }
  return config
})
const withOpenapi = createOpenapiClient({ baseUrl: HOST, fetch: stub })
withOpenapi.use({ onRequest: ({ request }) => new Request(add(request.url), request) })
const withTsClient = new ClientBuilder()
  .withMiddleware((next) => (request) => next({ ...request, uri: `${request.uri}&sessionId=${ID}` }))
  .withHttpMiddleware({ host: HOST, httpClient: stub })
  .build()

/** Each ends with the parsed JSON. */
const subjects = {
  bare: (path) => stub(path).then(json),
  byHand: (path) => byHand(path).then(json),
  byHandFromStorage: (path) => byHandFromStorage(path).then(json),
  ours: (path) => client.fetch(path).then(json),
  ky: (path) => withKy(HOST + path).json(),
  ofetch: (path) => withOfetch(HOST + path),
  axios: (path) => withAxios.get(HOST + path).then(({ data }) => data),
  'openapi-fetch': (path) => withOpenapi.GET(path).then(({ data }) => data),
  '@commercetools/ts-client': (path) =>
    withTsClient.execute({ method: 'GET', uri: path }).then(({ body }) => body),
}

const pathOf = (index) => `${API}/products/${index % 100}?q=shoes`

/** Microseconds a request, over `times` requests one after the other. */
globalThis.measure = async (name, answer, times) => {
  kind = answer
  const subject = subjects[name]
  const begin = performance.now()
  for (let index = 0; index < times; index++) await subject(pathOf(index))
  return ((performance.now() - begin) * 1000) / times
}

/** Throws where a subject does not do what it is measured for. */
globalThis.prove = async () => {
  await client.ready()
  kind = 'long'
  for (const [name, subject] of Object.entries(subjects)) {
    const data = await subject(pathOf(7))
    const url = new URL(last, HOST)
    const ids = url.searchParams.getAll('sessionId').join()
    if (
      JSON.stringify(data) !== long ||
      ids !== (name === 'bare' ? '' : ID) ||
      url.search.slice(0, 8) !== '?q=shoes'
    )
      throw new Error(`${name} sent ${last} and got ${JSON.stringify(data)?.slice(0, 80)}`)
  }
  return Object.keys(subjects)
}
