import { readFileSync } from 'node:fs'
import { join, resolve as resolvePath } from 'node:path'
import { createServer, type ResolvedConfig, type ViteDevServer } from 'vite'
import { type Handler, queryOf, sendFailure, sendPage } from './reply.ts'

/** What `src/rendered/render.tsx` exports. */
interface Renderer {
  render(storageKey: string): Promise<string>
}

/** Where the page's markup and its component come from. */
export interface RenderedSource {
  template(url: string): Promise<string>
  renderer(): Promise<Renderer>
}

const RENDERER = '/src/rendered/render.tsx'

/** While developing: the files as they are now. */
export const sourceOfServer = (server: ViteDevServer): RenderedSource => ({
  template: (url) =>
    server.transformIndexHtml(url, readFileSync(join(server.config.root, 'rendered.html'), 'utf8')),
  // The module exports what Renderer says.
  renderer: () => server.ssrLoadModule(RENDERER) as Promise<Renderer>,
})

/** For a build: its HTML, and the component by way of Vite, which knows the aliases. */
export function sourceOfBuild({ root, resolve, build }: ResolvedConfig): RenderedSource {
  let vite: Promise<ViteDevServer> | undefined
  return {
    template: async () => readFileSync(resolvePath(root, build.outDir, 'rendered.html'), 'utf8'),
    async renderer() {
      vite ??= createServer({
        root,
        configFile: false,
        appType: 'custom',
        mode: 'production',
        resolve: { alias: resolve.alias },
        server: { middlewareMode: true, hmr: false, ws: false, watch: null },
        optimizeDeps: { noDiscovery: true },
      })
      return (await (await vite).ssrLoadModule(RENDERER)) as Renderer // as above
    },
  }
}

/** A view of the shop that comes from the server, for the promise about server rendering. */
export const createRenderedPage =
  (source: RenderedSource): Handler =>
  async (request, response) => {
    const storageKey = queryOf(request).get('key') ?? ''
    if (!/^[\w-]{1,80}$/.test(storageKey))
      return sendFailure(response, 400, 1, 'The parameter key must be a storage key')
    const [template, { render }] = await Promise.all([source.template('/rendered.html'), source.renderer()])
    sendPage(response, 200, template.replace('<!--shop-->', await render(storageKey)))
  }
