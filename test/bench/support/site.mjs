// One origin on loopback: pages with their scripts at once, the session API and the stand-ins after a latency.
import { createServer } from 'node:http'
import { createSessionHandler, memoryStore } from 'storefront-session/server'

export const API = '/gks-server/v1'

/**
 * @param scripts page name to its bundle: `/NAME` is a page that runs it
 * @param latencyMs waited before each answer of an API; the site's own `latencyMs` changes it
 * @param standIn answers what is neither a page nor the session API: `{ status?, headers?, body }` or undefined
 */
export async function startSite({ scripts, latencyMs = 0, standIn = () => undefined }) {
  const handle = createSessionHandler({ store: memoryStore(), basePath: API })
  const seen = []
  let underWay = 0
  let lastAt = 0
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', headers } = incoming
    const url = new URL(incoming.url ?? '/', origin)
    const [name, extension] = url.pathname.slice(1).split('.')
    if (method === 'GET' && Object.hasOwn(scripts, name)) {
      const isScript = extension === 'js'
      outgoing.writeHead(200, { 'content-type': `text/${isScript ? 'javascript' : 'html'}; charset=utf-8` })
      const html = `<!doctype html><title>${name}</title><div id="root"></div><script src="/${name}.js"></script>`
      return outgoing.end(isScript ? scripts[name] : html)
    }
    if (url.pathname === '/favicon.ico') return outgoing.writeHead(204).end()
    const chunks = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    seen.push(`${method} ${url.pathname}`)
    underWay++
    outgoing.on('close', () => {
      underWay--
      lastAt = Date.now()
    })
    if (site.latencyMs) await new Promise((resolve) => setTimeout(resolve, site.latencyMs))
    if (url.pathname.startsWith(`${API}/sessions/`)) {
      const answer = await handle(new Request(url, { method, headers, ...(body && { body }) }))
      return outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
    }
    const answer = standIn({ method, url, headers, body }) ?? { status: 404, body: '' }
    outgoing
      .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
      .end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  let origin = 'http://localhost'
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${server.address().port}`
  const site = {
    origin,
    latencyMs,
    /** `METHOD /path` of each request to an API since the start. */
    seen,
    /** Resolves when no request was under way for this long. */
    async quiet(ms) {
      lastAt = Date.now()
      while (underWay || Date.now() - lastAt < ms) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}
