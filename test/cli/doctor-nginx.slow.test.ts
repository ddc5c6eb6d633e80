import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { listen } from '../server/support/node-server.ts'
import { withCommandLine } from './support/command-line.ts'
import { withServers } from './support/standing-server.ts'

const hasNginx = spawnSync('nginx', ['-v']).status === 0
if (!hasNginx) console.warn('Skipped: the doctor behind a real nginx, because nginx is not installed')

const command = withCommandLine()
const servers = withServers()

/** A real nginx before `target`, with its defaults and these lines more in its server block, or beside it. */
async function withNginx(target: string, lines: string, work: (url: string) => Promise<void>, beside = '') {
  const folder = mkdtempSync(join(tmpdir(), 'storefront-nginx-'))
  const free = await listen(() => undefined)
  await free.close()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${join(folder, 'pid')}; error_log stderr; events {}
    http { access_log off; ${paths.join(' ')} ${beside}
      server { listen 127.0.0.1:${free.port}; ${lines} location / { proxy_pass ${target}; } } }`,
  )
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' })
  try {
    await vi.waitFor(() => fetch(free.url), { timeout: 10_000 })
    await work(free.url)
  } finally {
    const ended = new Promise((resolve) => nginx.once('close', resolve))
    nginx.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

const examine = async (url: string, check: string, ...flags: string[]) => {
  const { code, stdout } = await command.run(['doctor', url, '--json', ...flags])
  const { findings }: { findings: { check: string; verdict: string; remedy?: string }[] } = JSON.parse(stdout)
  return { code, ...findings.find((finding) => finding.check === check) }
}

test.runIf(hasNginx)(
  'behind nginx with its defaults the customer id is lost, and the doctor names the line',
  async () => {
    const { url } = await servers.ours()
    await withNginx(url, '', async (address) => {
      expect(await examine(address, 'headers')).toMatchObject({
        code: 1,
        verdict: 'fault',
        remedy: expect.stringContaining('underscores_in_headers on;'),
      })
    })
  },
)

test.runIf(hasNginx)('with that line in its server block, it arrives', async () => {
  const { url } = await servers.ours()
  await withNginx(url, 'underscores_in_headers on;', async (address) => {
    expect(await examine(address, 'headers')).toMatchObject({ code: 0, verdict: 'ok' })
  })
})

describe.runIf(hasNginx)('where nginx itself names the origin', () => {
  const shop = 'https://shop.example'
  const named = `underscores_in_headers on; add_header Access-Control-Allow-Origin ${shop}`

  /** Answers preflights, but leaves the origin to nginx. */
  const withoutOrigin = () =>
    servers.changed((answer, request) => {
      if (request.method !== 'OPTIONS') return answer
      const headers = { 'access-control-allow-methods': 'PUT, POST', 'access-control-allow-headers': '*' }
      return new Response(null, { status: 204, headers })
    })

  test('it does not for errors, and the doctor names the word that is missing', async () => {
    const { url } = await withoutOrigin()
    await withNginx(url, `${named};`, async (address) => {
      expect(await examine(address, 'cors', '--origin', shop)).toMatchObject({
        code: 1,
        verdict: 'fault',
        finding: expect.stringMatching(
          /: the answer to GET of an unknown id has no Access-Control-Allow-Origin/,
        ),
        remedy: expect.stringContaining('always'),
      })
    })
  })

  test('with that word, it does', async () => {
    const { url } = await withoutOrigin()
    await withNginx(url, `${named} always;`, async (address) => {
      expect(await examine(address, 'cors', '--origin', shop)).toMatchObject({ code: 0, verdict: 'ok' })
    })
  })
})

test.runIf(hasNginx)('behind its round robin, two servers with a store each are told from one', async () => {
  const [one, two] = [await servers.ours(), await servers.ours()]
  const upstream = `upstream two { server 127.0.0.1:${one.port}; server 127.0.0.1:${two.port}; }`
  await withNginx(
    'http://two',
    'underscores_in_headers on;',
    async (address) => {
      expect(await examine(address, 'associations')).toMatchObject({ code: 1, verdict: 'fault' })
    },
    upstream,
  )
})
