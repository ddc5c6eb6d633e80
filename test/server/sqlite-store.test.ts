import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { type SqliteStoreOptions, type StoredSession, sqliteStore } from 'storefront-session/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeStore } from './store-conformance.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, 'sessions.db')

/** What another process does that is setting up a new file, but for longer. */
const HOLD_FOR_A_MOMENT = `
  const database = new (require('libsql'))(process.argv[1])
  database.exec('BEGIN IMMEDIATE')
  console.log('held')
  setTimeout(() => database.exec('COMMIT'), 100)`

/** Another connection to the file: its data_version differs after each commit of the store. */
let watcher: Database.Database | undefined
afterEach(() => void watcher?.close())

for (const synchronous of ['normal', 'full'] as const)
  describeStore(`sqliteStore with synchronous ${synchronous}`, {
    open: (now) => {
      const store = sqliteStore({ path: file(), now, synchronous })
      watcher = new Database(file())
      return store
    },
    version: () => watcher?.prepare('PRAGMA data_version').raw().get([]),
  })

describe('sqliteStore', () => {
  test('a second opening of the file finds the sessions of the first', async () => {
    const first = sqliteStore({ path: file() })
    const { sessionId } = await first.create({ customerId: 'c-1' }, 60_000)
    await first.close()
    const second = sqliteStore({ path: file() })
    expect(await second.get(sessionId, 60_000)).toMatchObject({ customerId: 'c-1' })
    await second.close()
  })

  test('after close all sessions are in the file, and no log is needed beside it', async () => {
    const store = sqliteStore({ path: file() })
    const { sessionId } = await store.create({ customerId: 'c-1' }, 60_000)
    await store.close()
    const copy = join(folder, 'copy.db')
    copyFileSync(file(), copy)
    const copied = sqliteStore({ path: copy })
    expect(await copied.get(sessionId, 60_000)).toMatchObject({ customerId: 'c-1' })
    await copied.close()
  })

  test('two connections to one file see each other and lose nothing', async () => {
    const one = sqliteStore({ path: file() })
    const other = sqliteStore({ path: file() })
    const ids = Array.from({ length: 200 }, (_, index) => `shared-session-${index}`)
    await Promise.all(
      ids.flatMap((id) => [
        one.associate(id, { customerId: 'c-1' }, 60_000, true),
        other.associate(id, { visitId: 'v-1' }, 60_000, true),
      ]),
    )
    for (const id of ids)
      expect(await one.get(id, 60_000)).toMatchObject({ customerId: 'c-1', visitId: 'v-1' })
    await Promise.all([one.close(), other.close()])
  })

  test('F129: a file that another process keeps busy is waited for, then given up on, and used again afterwards', async () => {
    const store = sqliteStore({ path: file(), busyTimeoutMs: 60 })
    const other = new Database(file())
    other.exec('BEGIN IMMEDIATE')
    await expect(store.create({}, 1_000)).rejects.toMatchObject({
      code: expect.stringMatching(/^SQLITE_BUSY/),
    })
    const waiting = store.create({}, 1_000)
    other.exec('COMMIT')
    await expect(waiting).resolves.toMatchObject({ sessionId: expect.any(String) })
    await expect(store.create({}, 1_000)).resolves.toMatchObject({ sessionId: expect.any(String) })
    other.close()
    await store.close()
  })

  test('F129: each operation waits its own time for a busy file, whoever came before it', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const store = sqliteStore({ path: file(), busyTimeoutMs: 60 })
    const other = new Database(file())
    other.exec('BEGIN IMMEDIATE')
    const early = store.create({}, 1_000).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(40)
    const late = store.create({}, 1_000)
    await vi.advanceTimersByTimeAsync(30)
    expect(await early).toMatchObject({ code: expect.stringMatching(/^SQLITE_BUSY/) })
    other.exec('COMMIT')
    await vi.advanceTimersByTimeAsync(10)
    await expect(late).resolves.toMatchObject({ sessionId: expect.any(String) })
    other.close()
    await store.close()
  })

  test('F129: a new file that another process is setting up is waited for', async () => {
    const other = spawn(process.execPath, ['-e', HOLD_FOR_A_MOMENT, file()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(other.stdout, 'data')
    const store = sqliteStore({ path: file() })
    await expect(store.create({}, 1_000)).resolves.toMatchObject({ sessionId: expect.any(String) })
    await store.close()
  })

  test('F129: a new file that another process does not let go is given up on after busyTimeoutMs', () => {
    const other = new Database(file())
    other.exec('BEGIN IMMEDIATE')
    const start = performance.now()
    expect(() => sqliteStore({ path: file(), busyTimeoutMs: 60 })).toThrow(/database is locked/)
    expect(performance.now() - start).toBeGreaterThanOrEqual(60)
    other.close()
  })

  test('F146: a file with a spoilt page fails the operations that need it, and neither crashes nor invents', async () => {
    const store = sqliteStore({ path: file() })
    const made = await Promise.all(
      Array.from({ length: 500 }, (_, index) => store.create({ customerId: `c-${index}` }, 60_000)),
    )
    await store.close()
    const bytes = readFileSync(file())
    bytes.fill(0xa5, 8_192, 40_960)
    writeFileSync(file(), bytes)
    const spoilt = sqliteStore({ path: file() })
    const outcomes = await Promise.allSettled(made.map(({ sessionId }) => spoilt.get(sessionId, 60_000)))
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Error)
      else if (outcome.value) expect(outcome.value.customerId).toBe(`c-${index}`)
    })
    await spoilt.close()
  })

  test('F146: an unreadable row fails its own operation, and none that arrives with it', async () => {
    const store = sqliteStore({ path: file() })
    const made = await Promise.all(
      Array.from({ length: 500 }, (_, index) => store.create({ visitId: `visit-${index}` }, 60_000)),
    )
    await store.close()
    const bytes = readFileSync(file())
    // The first page behind the root of the table that holds rows; no index has visit ids.
    const page = bytes.indexOf('visit-', 8_192) & ~4_095
    bytes.fill(0xa5, page, page + 4_096)
    writeFileSync(file(), bytes)
    const spoilt = sqliteStore({ path: file() })
    const get = ({ sessionId }: StoredSession) => spoilt.get(sessionId, 60_000)
    const alone: PromiseSettledResult<unknown>[] = []
    for (const session of made) alone.push((await Promise.allSettled([get(session)]))[0])
    expect(new Set(alone.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']))
    const together = await Promise.allSettled(made.map(get))
    expect(together.map(({ status }) => status)).toEqual(alone.map(({ status }) => status))
    await spoilt.close()
  })

  test('F129: a folder that is not there, and a file that is no database, are refused with their path', () => {
    const absent = join(folder, 'absent', 'sessions.db')
    expect(() => sqliteStore({ path: absent })).toThrow(`can't use the database "${absent}"`)
    writeFileSync(file(), 'this is a text, and a long one, that is no database at all'.repeat(100))
    expect(() => sqliteStore({ path: file() })).toThrow(`can't use the database "${file()}"`)
  })

  test.each([
    ['no path', { path: undefined }, /path must be/],
    ['an empty path', { path: '' }, /path must be/],
    ['a mode of SQLite in capitals', { synchronous: 'FULL' }, /synchronous must be 'normal' or 'full'/],
    ['a sweep without a pause', { sweepMs: 0 }, /sweepMs must be/],
    ['a pause that no timer can wait', { sweepMs: 2 ** 31 }, /sweepMs must be/],
    ['a patience that is no number', { busyTimeoutMs: Number.NaN }, /busyTimeoutMs must be/],
  ])('%s is refused at once', (_, wrong, message) => {
    // What JavaScript lets through.
    const options = { path: file(), ...wrong } as SqliteStoreOptions
    expect(() => sqliteStore(options)).toThrow(TypeError)
    expect(() => sqliteStore(options)).toThrow(message)
  })

  test.each([
    'http://user:secret@h',
    'https://user:secret@h',
    'libsql://h?authToken=secret',
    'wss://user:secret@h',
    'HTTP://user:secret@h',
    'redis+cluster://user:secret@h',
  ])('a URL is no name of a file, and is not repeated: %s', (url) => {
    const open = () => sqliteStore({ path: url })
    expect(open).toThrow(TypeError)
    expect(open).toThrow(/^sqliteStore: path must be the name of a file, not a URL$/)
  })

  test.each([
    ['file:NAME', () => `file:${file()}`],
    ['file://NAME', () => `file://${file()}`],
    [':memory:', () => ':memory:'],
  ])('%s opens a database on this machine', async (_, path) => {
    const store = sqliteStore({ path: path() })
    await expect(store.create({}, 1_000)).resolves.toMatchObject({ sessionId: expect.any(String) })
    await store.close()
  })

  test('a drive of Windows is no URL', () => {
    expect(() => sqliteStore({ path: 'C://no/such/folder/x.db' })).toThrow(/does its folder exist/)
  })

  test('after close every operation is refused', async () => {
    const store = sqliteStore({ path: file() })
    await store.close()
    await expect(store.create({}, 1_000)).rejects.toThrow(/closed/)
  })
})
