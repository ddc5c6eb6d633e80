import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import { type SessionStore, sqliteStore } from 'storefront-session/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../server/support/redis-server.ts'
import { bundleCommandLine, runNode, withCommandLine } from './support/command-line.ts'

vi.setConfig({ testTimeout: 30_000 })

const command = withCommandLine()
const STORE = ['--store', 'sqlite:shop.db']
const ADA = ['--customer', 'ada']
const TTL_MS = 3_600_000

/** Fills the file of this test's folder. */
async function fill(work: (store: SessionStore) => Promise<unknown>): Promise<void> {
  const store = sqliteStore({ path: join(command.folder(), 'shop.db') })
  await work(store)
  await store.close()
}
const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

describe('storefront-session sessions', () => {
  test('find writes each session of a customer as a line of JSON', async () => {
    await fill(async (store) => {
      await store.create({ customerId: 'ada', visitId: 'v-1', tenantId: 't-1' }, TTL_MS)
      await store.create({ customerId: 'ada' }, TTL_MS)
      await store.create({ customerId: 'bob' }, TTL_MS)
    })
    const { code, stdout, stderr } = await command.run(['sessions', 'find', ...ADA, ...STORE])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const found = linesOf(stdout)
    expect(found).toHaveLength(2)
    for (const session of found)
      expect(session).toMatchObject({
        sessionId: expect.stringMatching(/^[\w-]{16,}$/),
        customerId: 'ada',
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      })
    expect(found).toContainEqual(expect.objectContaining({ visitId: 'v-1', tenantId: 't-1' }))
  })

  test('export also writes the anonymous sessions that these replaced', async () => {
    await fill(async (store) => {
      const { sessionId } = await store.create({ visitId: 'v-1' }, TTL_MS)
      await store.create({ customerId: 'ada', previousSessionId: sessionId }, TTL_MS)
      await store.create({ visitId: 'v-2' }, TTL_MS)
    })
    const { stdout } = await command.run(['sessions', 'export', ...ADA, ...STORE])
    const [own, previous, ...rest] = linesOf(stdout)
    expect(own).toMatchObject({ customerId: 'ada', previousSessionId: previous.sessionId })
    expect(previous).toMatchObject({ visitId: 'v-1' })
    expect(rest).toEqual([])
    expect(linesOf((await command.run(['sessions', 'find', ...ADA, ...STORE])).stdout)).toHaveLength(1)
  })

  test('F210: remove erases these sessions, also beside a server, and says how many', async () => {
    const serving = await command.serve(STORE)
    const put = async (customerId: string) => {
      const made = await fetch(`${serving.url}/sessions/new`, {
        method: 'PUT',
        headers: { gkc_customerId: customerId },
      })
      return (await made.json()).response.sessionId
    }
    const [gone, kept] = [await put('ada'), await put('bob')]
    const removed = await command.run(['sessions', 'remove', ...ADA, ...STORE])
    expect(removed).toEqual({ code: 0, stdout: '{"removed":1}\n', stderr: '' })
    expect((await fetch(`${serving.url}/sessions/${gone}`)).status).toBe(404)
    expect((await fetch(`${serving.url}/sessions/${gone}`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${serving.url}/sessions/${kept}`)).status).toBe(200)
    const again = await command.run(['sessions', 'remove', ...ADA, ...STORE])
    expect(again).toEqual({ code: 0, stdout: '{"removed":0}\n', stderr: '' })
  })

  test('report counts the sessions, as text and as JSON', async () => {
    await fill(async (store) => {
      await store.create({ customerId: 'ada' }, TTL_MS)
      await store.create({}, TTL_MS)
    })
    const asJson = await command.run(['sessions', 'report', '--json', ...STORE])
    expect({ ...asJson, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' })
    const report = JSON.parse(asJson.stdout)
    expect(report).toEqual({
      sessions: 2,
      withCustomer: 1,
      oldest: expect.stringMatching(/Z$/),
      newest: expect.stringMatching(/Z$/),
    })
    const { stdout } = await command.run(['sessions', 'report'], {
      STOREFRONT_SESSION_STORE: 'sqlite:shop.db',
    })
    expect(stdout).toBe(
      `sessions       2\nwith customer  1\noldest         ${report.oldest}\nnewest         ${report.newest}\n`,
    )
  })

  test('opens the store that --store-file or its variable names', async () => {
    await fill((store) => store.create({ customerId: 'ada' }, TTL_MS))
    const file = join(command.folder(), 'store-name')
    writeFileSync(file, 'sqlite:shop.db\n')
    for (const [flags, env] of [
      [['--store-file', file], { STOREFRONT_SESSION_STORE: 'sqlite:no-such.db' }],
      [[], { STOREFRONT_SESSION_STORE_FILE: file, STOREFRONT_SESSION_STORE: '' }],
    ] as const) {
      const { stdout } = await command.run(['sessions', 'find', ...ADA, ...flags], env)
      expect(linesOf(stdout)).toHaveLength(1)
    }
  })

  test('explains itself with --help', async () => {
    const { code, stdout, stderr } = await command.run(['sessions', '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const word of [
      'find',
      'export',
      'remove',
      'report',
      '--customer',
      '--store',
      '--store-file',
      '--json',
    ])
      expect(stdout).toContain(word)
  })

  test.each([
    ['no action', [], /takes one of find, export, remove, report/],
    ['an unknown action', ['erase'], /takes one of/],
    ['a name of Object.prototype', ['constructor'], /takes one of/],
    ['two actions', ['find', 'remove', ...ADA], /takes one of/],
    ['no customer', ['find', ...STORE], /sessions find needs --customer ID/],
    ['an empty customer', ['remove', '--customer=', ...STORE], /sessions remove needs --customer ID/],
    ['a customer of two words', ['find', '--customer', 'ada lovelace', ...STORE], /visible ASCII/],
    ['a report of a customer', ['report', ...ADA, ...STORE], /takes no --customer/],
    ['JSON asked of what is JSON', ['find', '--json', ...ADA, ...STORE], /always writes JSON/],
    ['an unknown flag', ['find', '--customers', 'ada'], /--customers/],
    ['the memory of another process', ['report', '--store', 'memory'], /--store memory: its sessions live/],
    ['an unknown store', ['report', '--store', 'mysql://user:secret@h'], /--store must be .* not "mysql:…"/],
    ['a store and a file of its name', ['report', ...STORE, '--store-file', 'x'], /give one of them/],
    ['a file of its name that is not there', ['report', '--store-file', 'x'], /the file x can't be read/],
    ['a file that is not there', ['report', ...STORE], /"shop.db": there is no such file/],
    ['a URI of a file that is not there', ['report', '--store', 'sqlite:file:shop.db'], /no such file/],
    ['a database in memory', ['report', '--store', 'sqlite::memory:'], /no such file/],
    ['the default file, which is not there', ['report'], /"sessions.db": there is no such file/],
  ])('ends with 1 and one line for %s, and makes no file', async (_, args, line) => {
    const { code, stdout, stderr } = await command.run(['sessions', ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^storefront-session: [^\n]+\n$/)
    expect(stderr).toMatch(line)
    expect(stderr).not.toContain('secret')
    expect(readdirSync(command.folder())).toEqual([])
  })

  test('refuses a file of another program, and leaves it as it is', async () => {
    const path = join(command.folder(), 'shop.db')
    const database = new Database(path)
    database.exec('CREATE TABLE cats (name TEXT)')
    database.close()
    const { code, stderr } = await command.run(['sessions', 'remove', ...ADA, ...STORE])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `storefront-session: sqliteStore can't use the database "shop.db": it holds no sessions\n`,
    })
    const after = new Database(path)
    expect(after.prepare('SELECT name FROM sqlite_schema').raw().all([])).toEqual([['cats']])
    after.close()
  })

  test('ends with 1 and the reason where no Redis listens', async () => {
    const { code, stdout, stderr } = await command.run([
      'sessions',
      'report',
      '--store',
      `redis://:secret@127.0.0.1:${await freePort()}`,
    ])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^storefront-session: There is no connection to Redis: .*ECONNREFUSED[^\n]*\n$/)
    expect(stderr).not.toContain('secret')
  })
})

describe('F207: a command that stands in a folder of npx', () => {
  const libsql = fileURLToPath(new URL('../../node_modules/libsql', import.meta.url))
  /** The command alone, with no package beside it. */
  const install = () => {
    const cache = mkdtempSync(join(tmpdir(), 'npx-'))
    onTestFinished(() => rmSync(cache, { recursive: true }))
    const bundled = bundleCommandLine()
    const cli = join(cache, 'cli.mjs')
    copyFileSync(bundled, cli)
    rmSync(bundled)
    return cli
  }

  test('finds a driver that is installed in the working directory, or above it', async () => {
    const cli = install()
    const modules = join(command.folder(), 'node_modules')
    mkdirSync(modules)
    symlinkSync(libsql, join(modules, 'libsql'))
    await fill((store) => store.create({ customerId: 'ada' }, TTL_MS))
    const below = join(command.folder(), 'below')
    mkdirSync(below)
    for (const [cwd, store] of [
      [command.folder(), 'sqlite:shop.db'],
      [below, 'sqlite:../shop.db'],
    ] as const) {
      const { code, stdout } = await runNode(cwd, [cli, 'sessions', 'find', ...ADA, '--store', store])
      expect(code).toBe(0)
      expect(linesOf(stdout)).toMatchObject([{ customerId: 'ada' }])
    }
  })

  test('says what to install where the driver is in neither place', async () => {
    writeFileSync(join(command.folder(), 'shop.db'), '')
    const { code, stderr } = await runNode(command.folder(), [install(), 'sessions', 'report', ...STORE])
    expect(code).toBe(1)
    expect(stderr).toBe(
      'storefront-session: sqliteStore runs on the npm package "libsql", which is not installed: npm install libsql@0.5\n',
    )
  })

  test('says that a driver could not be loaded where it is installed but broken', async () => {
    const broken = join(command.folder(), 'node_modules/libsql/index.js')
    mkdirSync(dirname(broken), { recursive: true })
    writeFileSync(broken, `require('a-package-that-is-missing')`)
    const { code, stderr } = await runNode(command.folder(), [install(), 'serve', '--port', '0', ...STORE])
    expect(code).toBe(1)
    expect(stderr).toBe(
      `storefront-session: sqliteStore could not load the npm package "libsql": Cannot find module 'a-package-that-is-missing'\n`,
    )
    expect(existsSync(join(command.folder(), 'shop.db'))).toBe(false)
  })
})
