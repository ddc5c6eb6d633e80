import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseServeArguments } from '../../src/cli/serve-options.ts'
import { hasRedisServer, startRedis } from '../server/support/redis-server.ts'
import { root } from './support/markdown-pages.ts'

const FILE = `${root}docs/examples/compose.yaml`

interface Service {
  image?: string
  build?: { dockerfile_inline: string }
  command?: string[]
  environment?: Record<string, string>
  secrets?: string[]
  networks: string[]
  volumes?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
}

const compose: {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean } | null>
  volumes: Record<string, null>
  secrets: Record<string, { file: string }>
} = parse(readFileSync(FILE, 'utf8'), { merge: true })
const services = Object.entries(compose.services)
const sessions = services.filter(([name]) => name.startsWith('session-'))

test('the compose file refers only to services, networks, volumes, secrets and files that are there', () => {
  for (const [name, service] of services) {
    for (const other of Object.keys(service.depends_on ?? {})) {
      expect(compose.services, name).toHaveProperty(other)
      expect(compose.services[other]?.healthcheck, `${name} waits for ${other}`).toBeDefined()
    }
    for (const network of service.networks) expect(compose.networks, name).toHaveProperty(network)
    for (const secret of service.secrets ?? []) expect(compose.secrets, name).toHaveProperty(secret)
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('.')) expect(existsSync(join(dirname(FILE), source)), source).toBe(true)
      else expect(compose.volumes, name).toHaveProperty(source)
    }
    expect(service.image ?? service.build?.dockerfile_inline, name).toBeDefined()
  }
})

test('serve takes each variable of the compose file', () => {
  expect(sessions).toHaveLength(2)
  const known = readFileSync(`${root}src/cli/serve-options.ts`, 'utf8')
  for (const [, { environment = {} }] of sessions) {
    for (const name of Object.keys(environment)) {
      const flag = name.replace('STOREFRONT_SESSION_', '').toLowerCase().replaceAll('_', '-')
      expect(known, name).toMatch(new RegExp(`^  '?${flag}'?: \\{ type:`, 'm'))
    }
    const asked = parseServeArguments([], environment)
    expect(asked).toMatchObject({ host: '0.0.0.0', port: 4000, drainDelayMs: 5_000 })
    expect(asked?.handler).toMatchObject({
      basePath: '/gks-server/v1',
      deletable: true,
      limit: { create: '60/10m', use: '1200/10m', trustProxy: 1 },
    })
  }
})

test('only nginx of the compose file is reachable from outside', () => {
  expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['nginx'])
  expect(compose.networks.sessions).toEqual({ internal: true })
  for (const [name, { networks }] of services) if (name !== 'nginx') expect(networks).toEqual(['sessions'])
})

test('the container runs node itself, as a user without rights, and asks /readyz for its health', () => {
  for (const [, { build, healthcheck }] of sessions) {
    expect(build?.dockerfile_inline).toMatch(/^USER node$/m)
    expect(build?.dockerfile_inline).toMatch(
      /^CMD \["node", "node_modules\/storefront-session\/dist\/cli\.js", "serve"\]$/m,
    )
    const [kind, program, flag, code = ''] = healthcheck?.test ?? []
    expect([kind, program, flag]).toEqual(['CMD', 'node', '-e'])
    expect(code).toContain('/readyz')
    expect(spawnSync(process.execPath, ['--check', '-'], { input: code }).status).toBe(0)
  }
})

test.runIf(hasRedisServer())(
  'F201: Redis takes the flags of the compose file, and keeps what it answers',
  async () => {
    const [program, configuration, ...flags] = compose.services.redis?.command ?? []
    expect([program, configuration]).toEqual(['redis-server', '/run/secrets/redis_conf'])
    // Said in so many words, because the default may change.
    expect(flags.join(' ')).toContain('--maxmemory-policy noeviction')
    const redis = await startRedis(...flags)
    const setting = (name: string) => redis.cli('config', 'get', name).split('\n').at(-1)
    expect([setting('maxmemory-policy'), setting('appendonly'), setting('appendfsync')]).toEqual([
      'noeviction',
      'yes',
      'always',
    ])
    await redis.remove()
  },
)
