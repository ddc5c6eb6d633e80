// Starts, restarts and closes both servers of one Vite version, with the session API in them: `node serve-with.js vite-5`
import { memoryStore } from 'storefront-session/server'
import { sessionApi } from 'storefront-session/vite'

const { createServer, preview } = await import(process.argv[2])
const address = { host: '127.0.0.1', port: 0 }
const starts = {
  development: async (options) => (await createServer({ ...options, server: address })).listen(),
  preview: (options) => preview({ ...options, preview: address }),
}

for (const [name, start] of Object.entries(starts)) {
  let closed = 0
  const store = { ...memoryStore(), close: async () => void closed++ }
  const vite = await start({
    configFile: false,
    logLevel: 'error',
    build: { outDir: '.' },
    plugins: [sessionApi({ store })],
  })
  const create = async () => {
    const { port } = vite.httpServer.address()
    return (await fetch(`http://127.0.0.1:${port}/gks-server/v1/sessions/new`, { method: 'PUT' })).status
  }
  const statuses = [await create()]
  if ('restart' in vite) {
    await vite.restart()
    statuses.push(await create())
    if (closed) console.log('The restart has closed the store')
  }
  await (vite.close?.() ?? new Promise((resolve) => vite.httpServer.close(resolve)))
  console.log(name, ...statuses, `closed ${closed}`)
}
