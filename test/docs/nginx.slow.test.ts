import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { withCommandLine } from '../cli/support/command-line.ts'
import { freePort } from '../server/support/redis-server.ts'
import { root } from './support/markdown-pages.ts'

const hasNginx = spawnSync('nginx', ['-v']).status === 0
if (!hasNginx) console.warn('Skipped: the limits of nginx.conf, because nginx is not installed')

const command = withCommandLine()

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** A request from an address of this machine, which fetch can't choose. */
const ask = (port: number, method: string, path: string, localAddress = '127.0.0.1') =>
  new Promise<Answer>((resolve, reject) => {
    const headers = { gkc_customerId: 'c-1' }
    const asking = request({ port, method, path, localAddress, headers, host: '127.0.0.1' }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }))
    })
    asking.on('error', reject)
    asking.end()
  })

/** The real nginx with docs/examples/server/nginx.conf, but for addresses and the places of its files. */
async function startNginx(sessions: number[]) {
  const port = await freePort()
  const folder = command.folder()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  )
  const configuration = readFileSync(`${root}docs/examples/server/nginx.conf`, 'utf8')
    .replace('http {', `http { ${paths.join(' ')}`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace(/session-(\d):4000/g, (_, number) => `127.0.0.1:${sessions[number - 1]}`)
  writeFileSync(join(folder, 'nginx.conf'), configuration)
  const settings = `daemon off; pid ${join(folder, 'pid')}; error_log stderr;`
  // A file: nginx opens /dev/stdout by its name, which fails for the sockets that Node takes for pipes.
  const stdout = openSync(join(folder, 'access.log'), 'w')
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', settings], {
    stdio: ['ignore', stdout, 'inherit'],
  })
  await vi.waitUntil(() => ask(port, 'GET', '/').then(Boolean, () => false), { timeout: 10_000 })
  return {
    port,
    log: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    end: async () => {
      const ended = new Promise((resolve) => nginx.once('close', resolve))
      nginx.kill()
      await ended
      closeSync(stdout)
    },
  }
}

test.runIf(hasNginx)(
  'F203: nginx.conf limits a client over all processes together, and lets others through',
  async () => {
    const store = ['--store', 'sqlite:sessions.db', '--base-path', '/gks-server/v1']
    const processes = [await command.serve(store), await command.serve(store)]
    const nginx = await startNginx(processes.map(({ port }) => port))
    try {
      const put = (from?: string) => ask(nginx.port, 'PUT', '/gks-server/v1/sessions/new', from)
      const answers = await Promise.all(Array.from({ length: 40 }, () => put()))
      const passed = answers.filter(({ status }) => status === 200)
      // One at once and a burst of 30; a further one for each two seconds that the test takes.
      expect(passed.length).toBeGreaterThanOrEqual(31)
      expect(passed.length).toBeLessThan(40)
      const refused = answers.find(({ status }) => status !== 200)
      expect(refused).toMatchObject({
        status: 429,
        headers: { 'retry-after': '60', 'cache-control': 'no-store' },
      })
      expect(refused?.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(JSON.parse(refused?.body ?? '')).toMatchObject({ statusCode: 11 })

      const { sessionId, customerId } = JSON.parse(passed[0]?.body ?? '').response
      expect(customerId).toBe('c-1')
      expect((await put('127.0.0.2')).status).toBe(200)
      const path = `/gks-server/v1/sessions/${sessionId}?sessionId=${sessionId}`
      expect((await ask(nginx.port, 'GET', path)).status).toBe(200)

      // Both processes work, and their logs name the request as the log of nginx does.
      await vi.waitUntil(() =>
        processes.every(({ lines }) => lines().some(({ event }) => event === 'request')),
      )
      const told = processes.flatMap(({ lines }) => lines()).find(({ event }) => event === 'request')
      expect(nginx.log()).toContain(String(told?.requestId))
      expect(nginx.log()).not.toContain(sessionId)
    } finally {
      await nginx.end()
    }
  },
)
