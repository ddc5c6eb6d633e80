import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { sqliteStore } from 'storefront-session/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, 'sessions.db')
const PARTS = ['', '-wal', '-shm']
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
/** Customer ids, which begin with `customer-`, wherever they stand in the file or its log. */
const customersInFiles = () =>
  PARTS.map((part) => file() + part)
    .filter(existsSync)
    .flatMap((path) => readFileSync(path, 'latin1').match(/customer-\d+/g) ?? [])

/** A file as version 1 made it, with one session. */
function makeFileOfVersion1(): void {
  const database = new Database(file())
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE sessions (
      session_id TEXT PRIMARY KEY,
      customer_id TEXT, agent_id TEXT, visit_id TEXT, global_visit_id TEXT,
      created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    PRAGMA user_version = 1;
    INSERT INTO sessions VALUES ('session-of-version-1', 'ada', 'a-1', 'v-1', 'g-1', 17, 9000000000000);`)
  database.close()
}

describe('F202: the files of sqliteStore belong to its user alone', () => {
  test.each([
    ['a path', () => file()],
    ['a URI', () => `file:${file()}`],
  ])('a new database by %s and the log beside it have mode 600', async (_, path) => {
    const store = sqliteStore({ path: path() })
    await store.create({ customerId: 'ada' }, 60_000)
    for (const part of PARTS) expect(modeOf(file() + part)).toBe('600')
    await store.close()
  })

  test('a file of version 1 gets mode 600 when it is brought up to date', async () => {
    makeFileOfVersion1()
    expect(modeOf(file())).not.toBe('600')
    const reader = new Database(file())
    reader.prepare('SELECT 1 FROM sessions').all()
    await sqliteStore({ path: file() }).close()
    expect(modeOf(file())).toBe('600')
    reader.close()
  })
})

describe('F204: sqliteStore and the versions of its file', () => {
  test('a file of version 1 is brought up to date and keeps its sessions', async () => {
    makeFileOfVersion1()
    const store = sqliteStore({ path: file() })
    const session = {
      sessionId: 'session-of-version-1',
      customerId: 'ada',
      agentId: 'a-1',
      visitId: 'v-1',
      globalVisitId: 'g-1',
      createdAt: 17,
      expiresAt: 9_000_000_000_000,
    }
    expect(await store.get(session.sessionId, null)).toEqual(session)
    expect(await store.find('ada')).toEqual([session])
    expect(await store.create({ tenantId: 't-1' }, 60_000)).toMatchObject({ tenantId: 't-1' })
    await store.close()
    const again = sqliteStore({ path: file() })
    expect(await again.get(session.sessionId, null)).toEqual(session)
    await again.close()
  })

  test('a store works on while a later version adds a column to its open file, and opens that file again', async () => {
    const store = sqliteStore({ path: file() })
    const ids = { customerId: 'ada', visitId: 'v-1' }
    const { sessionId } = await store.create(ids, 60_000)
    const later = new Database(file())
    later.exec("ALTER TABLE sessions ADD COLUMN loyalty_tier TEXT NOT NULL DEFAULT 'none'")
    later.exec('CREATE INDEX sessions_by_tier ON sessions (loyalty_tier)')
    later.exec("UPDATE sessions SET loyalty_tier = 'gold'")
    const again = sqliteStore({ path: file() })
    for (const each of [store, again]) {
      expect(await each.get(sessionId, 120_000)).toMatchObject(ids)
      expect(await each.associate(sessionId, { visitId: 'v-1' }, 60_000, true)).toMatchObject(ids)
      const made = await each.create({ customerId: 'bob' }, 60_000)
      expect(await each.find('bob')).toEqual([made])
      expect((await each.scan()).sessions).toHaveLength(2)
      expect(await each.remove(made.sessionId)).toBe(true)
    }
    expect(later.prepare('SELECT loyalty_tier FROM sessions').raw().all([])).toEqual([['gold']])
    later.close()
    await Promise.all([store.close(), again.close()])
  })

  test('a session that begins anew has nothing in a column of a later version', async () => {
    let time = 1_000
    const store = sqliteStore({ path: file(), now: () => time })
    await store.associate('an-id-of-a-session', {}, 1_000, true)
    const later = new Database(file())
    later.exec('ALTER TABLE sessions ADD COLUMN loyalty_tier TEXT')
    later.exec("UPDATE sessions SET loyalty_tier = 'gold'")
    time += 1_000
    await store.associate('an-id-of-a-session', {}, 1_000, true)
    expect(later.prepare('SELECT loyalty_tier FROM sessions').raw().all([])).toEqual([[null]])
    later.close()
    await store.close()
  })

  test('a file that another program made with a table of the same name is refused, and left as it is', () => {
    const database = new Database(file())
    database.exec('CREATE TABLE sessions (sid TEXT PRIMARY KEY, sess TEXT, expires_at INTEGER)')
    database.close()
    const before = readFileSync(file())
    expect(() => sqliteStore({ path: file() })).toThrow(
      /the table "sessions" in it belongs to another program/,
    )
    expect(readFileSync(file())).toEqual(before)
  })

  test('a file of a later version is refused, and left as it is', () => {
    const database = new Database(file())
    database.exec('PRAGMA user_version = 99')
    database.close()
    const before = readFileSync(file())
    expect(() => sqliteStore({ path: file() })).toThrow(/a later version/)
    expect(readFileSync(file())).toEqual(before)
  })
})

describe('F202: sqliteStore keeps nothing that is over', () => {
  test('the files of 3,000 sessions that expired or were removed hold no customer id a minute later', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const store = sqliteStore({ path: file() })
    const settle = async <Result>(work: Promise<Result>): Promise<Result> => {
      await vi.advanceTimersByTimeAsync(1)
      return work
    }
    const made = await settle(
      Promise.all(
        Array.from({ length: 3_000 }, (_, number) =>
          store.create({ customerId: `customer-${number}` }, 30_000),
        ),
      ),
    )
    expect(new Set(customersInFiles()).size).toBe(3_000)
    for (const { sessionId } of made.slice(0, 100)) await settle(store.remove(sessionId))
    // The sweep comes every minute, and the sessions expire before the first one.
    await vi.advanceTimersByTimeAsync(120_000)
    expect(customersInFiles()).toEqual([])
    await settle(store.close())
  })

  test('a removed session is no longer in the log a minute later, where no reader holds it', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const store = sqliteStore({ path: file() })
    const made = store.create({ customerId: 'customer-1' }, 86_400_000)
    await vi.advanceTimersByTimeAsync(1)
    const removed = store.remove((await made).sessionId)
    await vi.advanceTimersByTimeAsync(1)
    expect(await removed).toBe(true)
    expect(customersInFiles()).not.toEqual([])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(customersInFiles()).toEqual([])
    await store.close()
  })
})
