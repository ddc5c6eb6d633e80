import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { listen } from '../server/support/node-server.ts'
import { withCommandLine } from './support/command-line.ts'
import { withServers } from './support/standing-server.ts'

const hasNginx = spawnSync('nginx', ['-v']).status === 0
if (!hasNginx) console.warn('Skipped: the doctor behind a real nginx, because nginx is not installed')

const command = withCommandLine()
const servers = withServers()

/** A real nginx before `target`, with its defaults and these lines more. */
async function withNginx(target: string, lines: string, work: (url: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'storefront-nginx-'))
  const free = await listen(() => undefined)
  await free.close()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${join(folder, 'pid')}; error_log stderr; events {}
    http { access_log off; ${paths.join(' ')}
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

const headers = async (url: string) => {
  const { code, stdout } = await command.run(['doctor', url, '--json'])
  const { findings }: { findings: { check: string; verdict: string; remedy?: string }[] } = JSON.parse(stdout)
  return { code, ...findings.find(({ check }) => check === 'headers') }
}

test.runIf(hasNginx)(
  'behind nginx with its defaults the customer id is lost, and the doctor names the line',
  async () => {
    const { url } = await servers.ours()
    await withNginx(url, '', async (address) => {
      expect(await headers(address)).toMatchObject({
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
    expect(await headers(address)).toMatchObject({ code: 0, verdict: 'ok' })
  })
})
