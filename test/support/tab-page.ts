import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { ApiServer } from './api-server.ts'

const core = fileURLToPath(new URL('../../src/core.ts', import.meta.url))

/**
 * Starts a client. The query of the address says what this browser lacks and where the API is:
 * `without=locks`, `without=channel`, `without=events` (of storage), `api=URL`, `timeout=MS`, `attach=header`, and `say=ID`
 * for a page that associates a visit id by itself; `rotate`, `resume` and `erase` for these options.
 */
const SCRIPT = `
  import { createSessionClient } from ${JSON.stringify(core)}
  const query = new URLSearchParams(location.search)
  const without = query.getAll('without')
  if (without.includes('locks')) Object.defineProperty(navigator, 'locks', { value: undefined })
  if (without.includes('channel')) delete window.BroadcastChannel
  if (without.includes('events')) {
    const { addEventListener } = window
    window.addEventListener = (name, ...rest) => name === 'storage' || addEventListener(name, ...rest)
  }
  window.told = []
  if (window.BroadcastChannel) {
    const { postMessage } = BroadcastChannel.prototype
    BroadcastChannel.prototype.postMessage = function (message) {
      told.push(message)
      postMessage.call(this, message)
    }
  }
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) fetch('/restored')
  })
  window.events = []
  window.client = createSessionClient({
    baseUrl: query.get('api') ?? '/gks-server/v1',
    timeoutMs: Number(query.get('timeout') ?? 3000),
    attach: { as: query.get('attach') ?? 'query' },
    rotate: query.has('rotate') ? 'on-sign-in' : undefined,
    resume: query.has('resume'),
    eraseOnServer: query.has('erase'),
    onEvent: (event) => window.events.push(event),
  })
  window.client.start()
  if (query.has('say')) window.client.ready().then(() => window.client.associate({ visitId: query.get('say') }))
`

/** Waits for the word, so that many tabs set out at one moment. */
const STARTING_LINE = `<!doctype html><title>starting line</title><script>
  const channel = new BroadcastChannel('starting line')
  channel.onmessage = ({ data }) => location.replace(data)
</script>`

/** The pages that the API server shows beside the API: of the same origin, and thus with the same storage. */
export interface TabSite {
  tab: string
  startingLine: string
  /** A page of the shop without a session. */
  elsewhere: string
}

/** A page, as an answer. */
export const html = (text: string) => new Response(text, { headers: { 'content-type': 'text/html' } })

export async function serveTabPage(api: ApiServer): Promise<TabSite> {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: fileURLToPath(new URL('../..', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  })
  const pages: Record<string, () => Response> = {
    '/tab': () => html('<!doctype html><title>tab</title><script src="/tab.js"></script>'),
    '/tab.js': () => new Response(outputFiles[0]?.text, { headers: { 'content-type': 'text/javascript' } }),
    '/starting-line': () => html(STARTING_LINE),
    '/elsewhere': () => html('<!doctype html><title>elsewhere</title>'),
    '/restored': () => new Response(null, { status: 204 }),
  }
  api.pages = (path) => pages[path]?.()
  return {
    tab: `${api.origin}/tab`,
    startingLine: `${api.origin}/starting-line`,
    elsewhere: `${api.origin}/elsewhere`,
  }
}
