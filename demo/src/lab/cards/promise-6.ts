import { type Measure, measure, type PromiseCard } from './card.ts'
import { echoOf } from './echo.ts'
import type { ProbeTab, World } from './world.ts'

export const onlyWhereItBelongs: PromiseCard = {
  number: 6,
  title: 'The id goes only where it belongs',
  expected:
    'Requests below /api carry the id. A path that only looks like it, another origin and a redirect to one get nothing, and a sessionId of the caller’s own wins.',
  async run(world) {
    const tab = await world.tab()
    const client = tab.create(world.options())
    client.start()
    const id = await world.idOf(client)
    const inside = await echoOf(client, '?b=2&a=%20x')
    const own = await echoOf(client, '?sessionId=my-own')
    const [stranger] = await Promise.all(
      [`${location.protocol}//${strangeHost()}/api/echo`, '/apifel/echo'].map(async (url) => {
        await client.fetch(url, { mode: 'no-cors' }).catch(() => undefined) // Whether somebody answers is all the same.
        return tab.requests.find((request) => request.url.endsWith(url))
      }),
    )
    const lookalike = tab.requests.find(({ path }) => path === '/apifel/echo')
    const sent = tab.requests.find(({ path, url }) => path === '/api/echo' && url.includes('b=2'))
    return [
      measure('below /api: carried', inside.query === id),
      measure('the rest of the URL is as written', sent?.url.includes('?b=2&a=%20x&sessionId=') === true),
      measure('/apifel: not carried', lookalike !== undefined && !lookalike.url.includes(id)),
      measure('another origin: not carried', stranger !== undefined && !stranger.url.includes(id)),
      measure('the caller’s own sessionId stays', own.query === 'my-own'),
      ...(await throughRedirect(world, tab, id)),
    ]
  },
}

/** In header mode the id would follow a redirect, as any header of one's own does. */
async function throughRedirect(world: World, tab: ProbeTab, id: string): Promise<Measure[]> {
  const token = Math.random().toString(36).slice(2)
  const headers = { 'x-session-id': id }
  // Without the middleware: if nothing arrives there, the stranger is out of reach here, and there is nothing to see.
  await fetch(`/api/leave?token=${token}-bare`, { headers }).catch(() => undefined)
  if (!(await ask(`${token}-bare`)).hadId) return []
  const attach = { to: ['/api'], as: 'header', name: 'x-session-id' } as const
  const client = tab.create(world.options({ attach }))
  client.start()
  const isRefused = await client.fetch(`/api/leave?token=${token}`).then(
    () => false,
    () => true,
  )
  const { came } = await ask(token)
  return [
    measure(
      'a redirect to another origin is refused, where a bare fetch would take it along',
      isRefused && !came,
    ),
  ]
}

async function ask(token: string): Promise<{ came: boolean; hadId: boolean }> {
  const response = await fetch(`/demo/trap?ask&token=${token}`)
  // The demo's own server stands behind this address, so its answer is trusted.
  return (await response.json()) as { came: boolean; hadId: boolean }
}

/** The same server under another name is another origin. */
function strangeHost(): string {
  const { hostname, port } = location
  return `${hostname === 'localhost' ? '127.0.0.1' : 'localhost'}${port ? `:${port}` : ''}`
}
