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

/** Holds a new file for a moment, as another process does that sets it up. */
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
  test('sqliteStore finds the sessions of an earlier opening of the file', async () => {
    const first = sqliteStore({ path: file() })
    const { sessionId } = await first.create({ customerId: 'c-1' }, 60_000)
    await first.close()
    const second = sqliteStore({ path: file() })
    expect(await second.get(sessionId, 60_000)).toMatchObject({ customerId: 'c-1' })
    await second.close()
  })

  test('close puts all sessions into the file, so that a copy of the file alone has them', async () => {
    const store = sqliteStore({ path: file() })
    const { sessionId } = await store.create({ customerId: 'c-1' }, 60_000)
    await store.close()
    const copy = join(folder, 'copy.db')
    copyFileSync(file(), copy)
    const copied = sqliteStore({ path: copy })
    expect(await copied.get(sessionId, 60_000)).toMatchObject({ customerId: 'c-1' })
    await copied.close()
  })

  test('two stores on one file see the writes of each other and lose nothing', async () => {
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

  test('F129: sqliteStore waits for a file that another process keeps busy, gives up after busyTimeoutMs, and uses it afterwards', async () => {
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

  test('F129: each operation waits its full time for a busy file, whatever operation came before it', async () => {
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

  test('F129: sqliteStore waits for a new file that another process sets up', async () => {
    const other = spawn(process.execPath, ['-e', HOLD_FOR_A_MOMENT, file()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(other.stdout, 'data')
    const store = sqliteStore({ path: file() })
    await expect(store.create({}, 1_000)).resolves.toMatchObject({ sessionId: expect.any(String) })
    await store.close()
  })

  test('F129: sqliteStore gives up after busyTimeoutMs on a new file that another process does not release', () => {
    const other = new Database(file())
    other.exec('BEGIN IMMEDIATE')
    const start = performance.now()
    expect(() => sqliteStore({ path: file(), busyTimeoutMs: 60 })).toThrow(/database is locked/)
    expect(performance.now() - start).toBeGreaterThanOrEqual(60)
    other.close()
  })

  test('F146: a damaged page fails the operations that need it; the store neither crashes nor invents sessions', async () => {
    const store = sqliteStore({ path: file() })
    const made = await Promise.all(
      Array.from({ length: 500 }, (_, index) => store.create({ customerId: `c-${index}` }, 60_000)),
    )
    await store.close()
    const bytes = readFileSync(file())
    bytes.fill(0xa5, 8_192, 40_960)
    writeFileSync(file(), bytes)
    const damaged = sqliteStore({ path: file() })
    const outcomes = await Promise.allSettled(made.map(({ sessionId }) => damaged.get(sessionId, 60_000)))
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Error)
      else if (outcome.value) expect(outcome.value.customerId).toBe(`c-${index}`)
    })
    await damaged.close()
  })

  test('F146: an unreadable row fails its own operation, and no other one that arrives with it', async () => {
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
    const damaged = sqliteStore({ path: file() })
    const get = ({ sessionId }: StoredSession) => damaged.get(sessionId, 60_000)
    const alone: PromiseSettledResult<unknown>[] = []
    for (const session of made) alone.push((await Promise.allSettled([get(session)]))[0])
    expect(new Set(alone.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']))
    const together = await Promise.allSettled(made.map(get))
    expect(together.map(({ status }) => status)).toEqual(alone.map(({ status }) => status))
    await damaged.close()
  })

  test('F129: sqliteStore refuses an absent folder and a file that is no database, and names the path', () => {
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
    ['a busyTimeoutMs that is no number', { busyTimeoutMs: Number.NaN }, /busyTimeoutMs must be/],
  ])('%s is refused at once', (_, wrong, message) => {
    // JavaScript does not check types.
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
  ])('sqliteStore refuses the URL %s, and does not repeat it', (url) => {
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

  test('sqliteStore takes a drive of Windows for a path, not for a URL', () => {
    expect(() => sqliteStore({ path: 'C://no/such/folder/x.db' })).toThrow(/does its folder exist/)
  })

  test('sqliteStore refuses every operation after close', async () => {
    const store = sqliteStore({ path: file() })
    await store.close()
    await expect(store.create({}, 1_000)).rejects.toThrow(/closed/)
  })
})
