import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import manifest from '../../package.json'
import { openConnection } from '../server/support/raw-connection.ts'
import { withCommandLine } from './support/command-line.ts'

vi.setConfig({ testTimeout: 30_000 })

const command = withCommandLine()
const MEMORY = ['--store', 'memory']
const JSON_TYPE = { 'content-type': 'application/json' }

const put = (url: string, init?: RequestInit) => fetch(`${url}/sessions/new`, { method: 'PUT', ...init })
const sessionOf = async (answer: Response) => (await answer.json()).response

describe('storefront-session', () => {
  test.each([['--help'], ['-h'], ['help']])('explains itself with %s', async (flag) => {
    const { code, stdout, stderr } = await command.run([flag])
    expect(stdout).toMatch(/serve .*\n.*doctor URL/)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test.each([['--version'], ['-v']])('says its version with %s', async (flag) => {
    const { code, stdout } = await command.run([flag])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` })
  })

  test('names an unknown command, and ends with 2', async () => {
    const { code, stdout, stderr } = await command.run(['sevre'])
    expect(stderr).toMatch(/^Unknown command "sevre"\n/)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('does not take a name of Object.prototype for a command', async () => {
    expect((await command.run(['constructor'])).code).toBe(2)
  })
})

describe('serve', () => {
  test('names every flag in its help', async () => {
    const { code, stdout } = await command.run(['serve', '--help'])
    expect(code).toBe(0)
    const flags = [
      'port',
      'host',
      'store',
      'store-file',
      'synchronous',
      'base-path',
      'ttl',
      'touch',
      'max-age',
    ]
    const visitors = ['cors-origin', 'max-body', 'limit-create', 'limit-use', 'trust-proxy', 'deletable']
    const cookie = ['', '-name', '-max-age', '-same-site', '-domain'].map((part) => `cookie${part}`)
    const rest = ['max-connections', 'drain-delay', 'no-create', 'no-cookie-secure', 'no-metrics', 'quiet']
    for (const flag of [...flags, ...visitors, ...cookie, ...rest]) expect(stdout).toContain(`--${flag} `)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })

  test('runs without any flag but the port: on SQLite, in the folder it stands in', async () => {
    const serving = await command.serve([])
    const { sessionId } = await sessionOf(await put(serving.url))
    await serving.end()
    const again = await command.serve([])
    expect((await fetch(`${again.url}/sessions/${sessionId}`)).status).toBe(200)
  })

  test('F129: two that start at once on one new file both run', async () => {
    for (let round = 0; round < 8; round++) {
      const store = ['--store', `sqlite:new-${round}.db`]
      const pair = await Promise.all([command.serve(store), command.serve(store)])
      for (const { url } of pair) expect((await put(url)).status).toBe(200)
      await Promise.all(pair.map((serving) => serving.end()))
    }
  })

  test('does what its flags say', async () => {
    const shop = 'https://shop.example'
    const { url, port } = await command.serve([
      ...MEMORY,
      ...[
        '--base-path',
        '/gks-server/v1',
        '--ttl',
        '45m',
        '--max-body',
        '100',
        '--no-create',
        '--no-metrics',
      ],
      ...['--cors-origin', shop, '--cors-origin', 'https://other.example'],
    ])
    expect(url).toBe(`http://127.0.0.1:${port}/gks-server/v1`)
    const made = await put(url, { headers: { origin: shop } })
    expect(made.headers.get('access-control-allow-origin')).toBe(shop)
    const { createdAt, expiresAt } = await sessionOf(made)
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(45 * 60_000)
    expect((await put(url, { headers: JSON_TYPE, body: `{"x":"${'x'.repeat(100)}"}` })).status).toBe(413)
    const unknown = await fetch(`${url}/sessions/an-id-that-nobody-has`, { method: 'POST' })
    expect(unknown.status).toBe(404)
    expect((await fetch(new URL('/metrics', url))).status).toBe(404)
  })

  test('F203, F209, F210: limits, erases and keeps a cookie, as its flags say', async () => {
    const { url } = await command.serve([
      ...[...MEMORY, '--deletable', '--ttl', '30d', '--max-age', '1h', '--touch', '0s'],
      ...['--limit-create', '2/10m', '--limit-use', '3/1h', '--trust-proxy', '1'],
      ...['--cookie', '--cookie-name', 'shop', '--cookie-max-age', '1h', '--cookie-same-site', 'strict'],
      ...['--cookie-domain', 'shop.example', '--no-cookie-secure'],
    ])
    const from = (address: string) => ({ headers: { 'x-forwarded-for': `6.6.6.6, ${address}` } })
    const made = await put(url, from('192.0.2.1'))
    const { sessionId, createdAt, expiresAt } = await sessionOf(made)
    expect(made.headers.get('set-cookie')).toBe(
      `shop=${sessionId}; Domain=shop.example; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict`,
    )
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(3_600_000)
    expect((await put(url, from('192.0.2.1'))).status).toBe(200)
    const refused = await put(url, from('192.0.2.1'))
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)])
    expect((await put(url, from('192.0.2.2'))).status).toBe(200)
    const ask = (method: string) =>
      fetch(`${url}/sessions/${sessionId}`, { method, ...from('192.0.2.1') }).then(({ status }) => status)
    expect([await ask('GET'), await ask('DELETE'), await ask('GET'), await ask('GET')]).toEqual([
      200, 204, 404, 429,
    ])
  })

  test('F203: closes connections beyond --max-connections, and goes on', async () => {
    const { port, url } = await command.serve([...MEMORY, '--max-connections', '3'])
    const held = await Promise.all([1, 2, 3].map(() => openConnection(port)))
    const fourth = await openConnection(port)
    expect(await fourth.closed).toBe('')
    held[0]?.destroy()
    await vi.waitUntil(async () => (await put(url).catch(() => undefined))?.status === 200)
    for (const connection of held) connection.destroy()
  })

  test('opens the store that --store-file or its variable names, and shows nothing of it', async () => {
    const file = `${command.folder()}/store-url`
    writeFileSync(file, 'memory\n')
    const STOREFRONT_SESSION_STORE_FILE = file
    for (const serving of [
      await command.serve([], { STOREFRONT_SESSION_STORE_FILE }),
      await command.serve(['--store-file', file], { STOREFRONT_SESSION_STORE: 'sqlite:no/such/folder/x.db' }),
    ]) {
      expect(serving.lines()[0]).toMatchObject({ event: 'listening', store: 'memory' })
      expect((await put(serving.url)).status).toBe(200)
    }
    expect(existsSync(`${command.folder()}/sessions.db`)).toBe(false)
    writeFileSync(file, 'hunter2-secret')
    const wrong = await command.run(['serve', '--store-file', file])
    expect(wrong.stderr).toMatch(/^storefront-session: --store-file: the file .* must hold memory, .*\n$/)
    expect([wrong.code, wrong.stderr.includes('secret')]).toEqual([2, false])
    const missing = await command.run(['serve', '--store-file', 'no-such-file'])
    expect(missing.stderr).toBe(
      "storefront-session: --store-file: the file no-such-file can't be read (Error ENOENT)\n",
    )
    expect(missing.code).toBe(1)
    const both = await command.run(['serve'], {
      STOREFRONT_SESSION_STORE: 'memory',
      STOREFRONT_SESSION_STORE_FILE,
    })
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('give one of them')])
  })

  test('does what environment variables say, unless a flag says otherwise', async () => {
    const { url, output } = await command.serve(['--base-path', '/flag'], {
      STOREFRONT_SESSION_STORE: 'memory',
      STOREFRONT_SESSION_BASE_PATH: '/variable',
      STOREFRONT_SESSION_TTL: '2h',
      STOREFRONT_SESSION_CORS_ORIGIN: 'https://a.example, https://b.example',
      STOREFRONT_SESSION_MAX_BODY: '100',
      STOREFRONT_SESSION_CREATE: 'false',
      STOREFRONT_SESSION_METRICS: '0',
      STOREFRONT_SESSION_QUIET: 'TRUE',
      STOREFRONT_SESSION_DELETABLE: '1',
      STOREFRONT_SESSION_TOUCH: '0s',
      STOREFRONT_SESSION_MAX_AGE: '1h',
      STOREFRONT_SESSION_LIMIT_CREATE: '2/1d',
      STOREFRONT_SESSION_LIMIT_USE: '3/1d',
      STOREFRONT_SESSION_TRUST_PROXY: '1',
      STOREFRONT_SESSION_MAX_CONNECTIONS: '100',
      STOREFRONT_SESSION_DRAIN_DELAY: '1s',
    })
    expect(url).toMatch(/\/flag$/)
    const made = await put(url, { headers: { origin: 'https://b.example' } })
    expect(made.headers.get('access-control-allow-origin')).toBe('https://b.example')
    const { createdAt, expiresAt } = await sessionOf(made)
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(3_600_000)
    expect((await put(url, { headers: JSON_TYPE, body: ' '.repeat(101) })).status).toBe(413)
    expect((await put(url)).status).toBe(429)
    const elsewhere = { method: 'DELETE', headers: { 'x-forwarded-for': '192.0.2.1' } }
    expect((await fetch(`${url}/sessions/an-id-that-nobody-has`, elsewhere)).status).toBe(204)
    const unknown = await fetch(`${url}/sessions/an-id-that-nobody-has`, { method: 'POST' })
    expect(unknown.status).toBe(404)
    expect((await fetch(new URL('/metrics', url))).status).toBe(404)
    expect(output()).not.toContain('"request"')
  })

  test('takes an empty variable, as compose writes them, for one that is not set', async () => {
    const names = ['PORT', 'HOST', 'STORE', 'STORE_FILE', 'SYNCHRONOUS', 'BASE_PATH', 'TTL', 'CORS_ORIGIN']
    const more = ['MAX_BODY', 'TOUCH', 'MAX_AGE', 'LIMIT_CREATE', 'LIMIT_USE', 'TRUST_PROXY', 'COOKIE']
    const rest = ['COOKIE_NAME', 'COOKIE_SECURE', 'MAX_CONNECTIONS', 'DRAIN_DELAY', 'DELETABLE']
    const { url, port } = await command.serve(
      [],
      Object.fromEntries(
        [...names, ...more, ...rest, 'CREATE', 'METRICS', 'QUIET'].map((name) => [
          `STOREFRONT_SESSION_${name}`,
          '',
        ]),
      ),
    )
    expect(url).toBe(`http://127.0.0.1:${port}`)
    const { createdAt, expiresAt } = await sessionOf(await put(url))
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(30 * 24 * 3_600_000)
  })

  test.each([
    [['--port', 'abc'], 2, '--port must be a whole number from 0 to 65535, not "abc"'],
    [['--port', '65536'], 2, '--port must be'],
    [['--port'], 2, '--port'],
    [['--port', '-1'], 2, '--port has no value; one that begins with a dash is written --port=VALUE'],
    [['--port=-1'], 2, '--port must be'],
    [['--ttl', '5'], 2, '--ttl must be a number with s, m, h or d'],
    [['--ttl', '0d'], 2, '--ttl must be'],
    [['--ttl', '36526d'], 2, '--ttl must be at most 100 years'],
    [['--ttl', '999999999d'], 2, '--ttl must be at most 100 years'],
    [['--host', ''], 2, '--host must be an address such as 127.0.0.1, or 0.0.0.0 for all'],
    [['--max-body', '1e3'], 2, '--max-body must be'],
    [['--synchronous', 'off'], 2, '--synchronous must be normal or full, not "off"'],
    [['--base-path', 'gks'], 2, '--base-path must look like /gks-server/v1, not "gks"'],
    [['--base-path', '/a/../b'], 2, '--base-path must have no segment . or .., as "/a/../b" has'],
    [['--base-path', '/./x'], 2, '--base-path must have no segment . or ..'],
    [['--base-path', '/x/..'], 2, '--base-path must have no segment . or ..'],
    [['--cors-origin', '*'], 2, '--cors-origin: "*" is not an origin'],
    [['--cookie', '--cors-origin', 'https://a.example'], 2, '--cookie and --cors-origin do not go together'],
    [['--cookie-name', 'sid'], 2, 'the flags and variables of --cookie-… need --cookie'],
    [['--cookie', '--cookie-name', 'a b'], 2, '--cookie-name must be a cookie name such as sid, not "a b"'],
    [['--cookie', '--cookie-domain', 'a;b'], 2, '--cookie-domain must be a host such as shop.example'],
    [
      ['--cookie', '--cookie-same-site', 'Lax'],
      2,
      '--cookie-same-site must be strict, lax or none, not "Lax"',
    ],
    [
      ['--cookie', '--cookie-same-site', 'none', '--no-cookie-secure'],
      2,
      '--cookie-same-site none needs the cookie to be secure',
    ],
    [['--cookie', '--cookie-max-age', '1'], 2, '--cookie-max-age must be a number with s, m, h or d'],
    [
      ['--limit-create', '30'],
      2,
      "--limit-create must be a count and a time with s, m, h or d, such as '30/10m'",
    ],
    [['--limit-use', '0/1m'], 2, '--limit-use must be'],
    [['--trust-proxy', 'true'], 2, '--trust-proxy must be a whole number from 0 to 100'],
    [['--max-connections', '0'], 2, '--max-connections must be'],
    [['--drain-delay', '5'], 2, '--drain-delay must be a number with s, m, h or d'],
    [['--max-age', '36526d'], 2, '--max-age must be at most 100 years'],
    [['--touch', '30d'], 2, '--touch must be less than --ttl'],
    [['--store-file', 'x'], 2, '--store and --store-file (or their variables) both name the store'],
    [
      ['--store', 'postgres://user:secret@db/x'],
      2,
      '--store must be memory, sqlite:PATH or redis://HOST:PORT',
    ],
    [['--store', 'redis:user:secret@h'], 2, '--store must be memory, sqlite:PATH or redis://HOST:PORT'],
    [['--store', 'redis://'], 2, '--store'],
    [['--store', 'redis://user:100%secret@h'], 2, '--store: '],
    [
      ['--store', 'sqlite:https://user:secret@127.0.0.1:1'],
      2,
      '--store: sqlite:PATH must be the name of a file, not a URL',
    ],
    [
      ['--store', 'sqlite:libsql://h?authToken=secret'],
      2,
      '--store: sqlite:PATH must be the name of a file, not a URL',
    ],
    [['--colour'], 2, "Unknown option '--colour'"],
    [['stray'], 2, "Unexpected argument 'stray'"],
    [['--store', 'sqlite:no/such/folder/x.db'], 1, 'does its folder exist'],
    [['--store', 'sqlite:.'], 1, 'could not be opened'],
    [['--host', '192.0.2.1'], 1, 'this machine has no address 192.0.2.1; choose another with --host'],
  ])('refuses %j in one line', async (args, expected, message) => {
    const { code, stdout, stderr } = await command.run(['serve', '--store', 'memory', ...args])
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/^storefront-session: .*\n$/)
    expect(stderr).not.toContain('secret')
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
  })

  test('refuses an environment variable that says no mode of SQLite', async () => {
    const { code, stderr } = await command.run(['serve'], { STOREFRONT_SESSION_SYNCHRONOUS: 'extra' })
    expect(stderr).toContain('--synchronous must be normal or full, not "extra"')
    expect(code).toBe(2)
  })

  test('refuses an environment variable that is neither true nor false, by its name', async () => {
    const { code, stderr } = await command.run(['serve'], { STOREFRONT_SESSION_CREATE: 'nope' })
    expect(stderr).toBe('storefront-session: STOREFRONT_SESSION_CREATE must be true or false, not "nope"\n')
    expect(code).toBe(2)
  })

  test('says which port is in use, in one line', async () => {
    const { port } = await command.serve(MEMORY)
    const { code, stderr } = await command.run(['serve', ...MEMORY, '--port', `${port}`])
    expect(stderr).toBe(
      `storefront-session: port ${port} on 127.0.0.1 is in use; choose another with --port\n`,
    )
    expect(code).toBe(1)
  })

  test('refuses a file that is no database, in one line', async () => {
    mkdirSync(`${command.folder()}/sessions.db`)
    const { code, stderr } = await command.run(['serve', '--port', '0'])
    expect(stderr).toMatch(/^storefront-session: sqliteStore can't use the database "sessions.db".*\n$/)
    expect(code).toBe(1)
  })
})

describe('serve with a Redis that is not there', () => {
  test('F124: starts, says so in one line, answers 503 until it is, and still ends', async () => {
    const port = await closedPort()
    const serving = await command.serve(['--store', `redis://user:secret@127.0.0.1:${port}`])
    await vi.waitUntil(() => serving.lines().some(({ event }) => event === 'store-down'), { timeout: 10_000 })
    const answer = await put(serving.url)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(await answer.json()).toEqual({ statusCode: 7, description: 'The session store does not answer' })
    expect((await fetch(`${serving.url}/healthz`)).status).toBe(503)
    const { code, stderr, stdout } = await serving.end()
    expect(stdout).not.toMatch(/secret|^\s+at /m)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test.each([
    ['redis', '', 'Error REDIS_UNREACHABLE ECONNREFUSED'],
    ['redis+cluster', '', 'Error REDIS_UNREACHABLE ClusterAllFailedError'],
    ['redis+sentinel', '/shop', 'Error REDIS_UNREACHABLE'],
  ])('names in its log the error of the store, and not its address: %s', async (scheme, path, error) => {
    const at = `127.0.0.1:${await closedPort()}`
    const serving = await command.serve(['--store', `${scheme}://user:secret@${at}${path}`])
    expect((await put(serving.url)).status).toBe(503)
    await expect.poll(() => serving.lines().map((line) => line.error)).toContain(error)
    expect(serving.output()).not.toMatch(new RegExp(`secret|${at}`))
  })

  const closedPort = async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    await new Promise((resolve) => server.close(resolve))
    return typeof address === 'object' ? address?.port : undefined
  }
})

/** Sends its own process the signal just before it opens a SQLite file. */
const SIGNAL_AT_OPENING = `
  const Module = require('node:module')
  const load = Module._load
  Module._load = (name, ...rest) => {
    if (name === 'libsql') process.kill(process.pid, 'SIGNAL')
    return load(name, ...rest)
  }`

describe('serve on a signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('ends at once on %s with idle connections', async (signal) => {
    const serving = await command.serve(MEMORY)
    const idle = await openConnection(serving.port)
    await (await put(serving.url)).text()
    const { code, ms } = await serving.end(signal)
    expect(code).toBe(0)
    expect(ms).toBeLessThan(5_000)
    expect(serving.lines().map(({ event }) => event)).toEqual(['listening', 'request', 'stopping', 'stopped'])
    await idle.closed
  })

  test.each(['SIGTERM', 'SIGINT'])(
    'starts and ends in order on %s while the store is opened',
    async (signal) => {
      writeFileSync(`${command.folder()}/preload.cjs`, SIGNAL_AT_OPENING.replace('SIGNAL', signal))
      const preload = { NODE_OPTIONS: '--require ./preload.cjs' }
      const { code, stdout, stderr } = await command.run(['serve', '--port', '0'], preload)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const events = [...stdout.matchAll(/"event":"(\w+)"/g)].map(([, event]) => event)
      expect(events).toEqual(['listening', 'stopping', 'stopped'])
    },
  )

  test('finishes what is under way, accepts nothing new, and exits with 0', async () => {
    const serving = await command.serve(MEMORY)
    const late = await openConnection(serving.port)
    const headers = 'Host: x\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n'
    late.send(`PUT /sessions/new HTTP/1.1\r\n${headers}`)
    // Answered after the other was taken in: from now on that one is under way.
    await (await put(serving.url)).text()
    const ending = serving.end()
    await vi.waitUntil(() => serving.lines().some(({ event }) => event === 'stopping'), { timeout: 10_000 })
    await vi.waitUntil(
      () =>
        openConnection(serving.port).then(
          () => false,
          () => true,
        ),
      { timeout: 10_000 },
    )
    late.send('{"visitId":"v-1"}')
    const answer = await late.closed
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer).toContain('"visitId":"v-1"')
    expect(answer).toMatch(/connection: close/i)
    expect((await ending).code).toBe(0)
  })
})

describe('serve with a drain delay', () => {
  test('F206: goes on after SIGTERM for so long, not ready but alive, and ends then', async () => {
    const serving = await command.serve([...MEMORY, '--drain-delay', '1s', '--base-path', '/v1'])
    const origin = `http://127.0.0.1:${serving.port}`
    const statusOf = async (path: string) => (await fetch(origin + path)).status
    const ready = ['/readyz', '/healthz', '/v1/readyz', '/v1/healthz']
    for (const path of [...ready, '/livez', '/v1/livez'])
      expect([path, await statusOf(path)]).toEqual([path, 200])
    const ending = serving.end()
    await vi.waitUntil(() => serving.lines().some(({ event }) => event === 'stopping'), { timeout: 10_000 })
    for (const path of ready) expect([path, await statusOf(path)]).toEqual([path, 503])
    for (const path of ['/livez', '/v1/livez']) expect([path, await statusOf(path)]).toEqual([path, 200])
    expect((await put(serving.url)).status).toBe(200)
    const { code, ms } = await ending
    expect(code).toBe(0)
    expect(ms).toBeGreaterThan(1_000)
    expect(ms).toBeLessThan(5_000)
  })

  test('does not wait for it on SIGINT, which a person sends', async () => {
    const serving = await command.serve([...MEMORY, '--drain-delay', '30s'])
    const { code, ms } = await serving.end('SIGINT')
    expect(code).toBe(0)
    expect(ms).toBeLessThan(5_000)
  })
})

describe('serve on a second signal', () => {
  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('finishes what is under way after %s and %s', async (first, second) => {
    const serving = await command.serve(MEMORY)
    const late = await openConnection(serving.port)
    const headers = 'Host: x\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n'
    late.send(`PUT /sessions/new HTTP/1.1\r\n${headers}{"visitId"`)
    // Answered after the other was taken in: from now on that one is under way.
    await (await put(serving.url)).text()
    const isStopping = () => serving.lines().some(({ event }) => event === 'stopping')
    const ending = serving.end(first)
    await vi.waitUntil(isStopping, { timeout: 10_000 })
    serving.process.kill(second)
    // A process that still answers has got over the second signal, which came first.
    late.send(':"v-1"}')
    expect(await late.closed).toMatch(/^HTTP\/1.1 200 .*"visitId":"v-1"/s)
    expect((await ending).code).toBe(0)
    expect(serving.lines().filter(({ event }) => event === 'stopping')).toHaveLength(1)
  })
})

describe('serve without a reader of its log', () => {
  const manyLines = async (url: string) => {
    for (let round = 0; round < 100; round++)
      await Promise.all(Array.from({ length: 60 }, async () => (await put(url)).text()))
  }

  test('goes on when the reader goes away', async () => {
    const serving = await command.serve(MEMORY)
    serving.process.stdout?.destroy()
    for (let round = 0; round < 3; round++) expect((await put(serving.url)).status).toBe(200)
    const { code, stderr } = await serving.end()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('ends on SIGTERM though the reader hangs', async () => {
    const serving = await command.serve(MEMORY)
    serving.process.stdout?.pause()
    try {
      // More than pipe and reader hold: from some line on the process has to keep them.
      await manyLines(serving.url)
      serving.process.kill('SIGTERM')
      await vi.waitUntil(() => serving.process.exitCode === 0, { timeout: 5_000 })
    } finally {
      serving.process.stdout?.resume()
    }
  })
})

// In a separate process: in this one the server would read only while the client does not write.
describe('serve and a body that is much too long', () => {
  test.each([
    ['a length', () => ' '.repeat(10_000_000)],
    ['chunks', () => new Blob([' '.repeat(10_000_000)]).stream()],
  ])('F113: its sender gets to read that, with %s', async (_, body) => {
    const { url } = await command.serve(MEMORY)
    for (let round = 0; round < 20; round++) {
      const init = { headers: JSON_TYPE, duplex: 'half' as const, body: body() }
      expect((await put(url, init)).status).toBe(413)
    }
  })
})

describe('serve beside the API', () => {
  test('answers /healthz and HEAD of it, and nothing else there', async () => {
    const { url } = await command.serve(MEMORY)
    const health = await fetch(`${url}/healthz`)
    expect([health.status, await health.text()]).toEqual([200, '{"statusCode":0}'])
    expect(health.headers.get('cache-control')).toBe('no-store')
    expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200)
    const posted = await fetch(`${url}/healthz`, { method: 'POST' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  test('answers /metrics in the text format of Prometheus, and counts what was asked', async () => {
    const { url } = await command.serve(MEMORY)
    for (let i = 0; i < 3; i++) await (await put(url)).text()
    await (await fetch(`${url}/sessions/canary-canary-canary`)).text()
    const answer = await fetch(`${url}/metrics`)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const samples = parsePrometheus(await answer.text())
    const name = 'storefront_session_request_duration_seconds'
    const created = 'method="PUT",route="/sessions/new",status="200"'
    expect(samples.get(`${name}_count{${created}}`)).toBe(3)
    expect(samples.get(`${name}_bucket{${created},le="+Inf"}`)).toBe(3)
    expect(samples.get(`${name}_sum{${created}}`)).toBeGreaterThan(0)
    expect(samples.get(`${name}_count{method="GET",route="/sessions/{sessionId}",status="404"}`)).toBe(1)
    expect(samples.get('storefront_session_store_errors_total')).toBe(0)
    expect(samples.get('storefront_session_store_duration_seconds_count{operation="create"}')).toBe(3)
    expect(samples.get('storefront_session_open_connections')).toBeGreaterThanOrEqual(1)
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
    expect([...samples.keys()].join()).not.toContain('canary')
    const buckets = [...samples].filter(([key]) => key.startsWith(`${name}_bucket{${created}`))
    expect(buckets.map(([, value]) => value)).toEqual(buckets.map(([, value]) => value).sort())
  })
})

/** Samples of the text format by name and labels; a line that the format does not know fails the test. */
function parsePrometheus(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  const typed = new Set<string>()
  expect(text.endsWith('\n')).toBe(true)
  for (const line of text.trimEnd().split('\n')) {
    const [, kind, described] = /^# (HELP|TYPE) (\w+) ./.exec(line) ?? []
    if (kind === 'TYPE' && described) typed.add(described)
    if (kind) continue
    const [, key = '', name = '', value] =
      /^((\w+)(?:\{(?:\w+="[^"\\\n]*",?)+\})?) (\d+(?:\.\d+)?)$/.exec(line) ?? []
    expect(value, `not a sample: ${line}`).toBeDefined()
    expect(typed, line).toContain(name.replace(/_(bucket|sum|count)$/, ''))
    expect(samples.has(key), `twice: ${key}`).toBe(false)
    samples.set(key, Number(value))
  }
  return samples
}

describe('the log of serve', () => {
  test('F137, F138: has one JSON line an event, and never an id, a header or a body', async () => {
    const serving = await command.serve([...MEMORY, '--cors-origin', 'https://shop.example'])
    const { url } = serving
    const headers = { ...JSON_TYPE, gkc_customerId: 'canary-customer', authorization: 'Bearer canary' }
    const requestId = '7a3f0c5be1d24a1e9f6b0c8d7e6f5a4b'
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const traced = { ...headers, 'x-request-id': requestId, traceparent }
    const made = await sessionOf(await put(url, { headers: traced, body: '{"visitId":"canary-visit"}' }))
    const paths = [`/sessions/${made.sessionId}`, '/sessions/canary%0a', '/canary', '/sessions/new?x=canary']
    for (const path of paths)
      for (const method of ['GET', 'POST', 'PATCH'])
        await fetch(url + path, { method, headers, ...(method !== 'GET' && { body: '{"canary":' }) })
    const { stdout, stderr } = await serving.end()
    expect(stdout + stderr).not.toContain('canary')
    expect(stdout + stderr).not.toContain(made.sessionId)
    const [listening, first, ...rest] = serving.lines()
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(listening).toEqual({ time, event: 'listening', url, store: 'memory' })
    const request = { time, event: 'request', method: 'PUT', route: '/sessions/new', ms: expect.any(Number) }
    const trace = { requestId, traceparent }
    expect(first).toEqual({ ...request, ...trace, status: 200 })
    expect(rest[0]?.requestId).not.toBe(requestId)
    expect(rest).toHaveLength(paths.length * 3 + 2)
  })
})
