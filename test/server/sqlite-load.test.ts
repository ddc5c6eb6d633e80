import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { type SessionStore, sqliteStore } from 'storefront-session/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, 'sessions.db')
const logBytes = () => statSync(`${file()}-wal`).size
const MAX_LOG_BYTES = 16_000_000

/** Writes until the log is larger than the promise allows. */
async function fillLog(store: SessionStore): Promise<void> {
  const customerId = 'c'.repeat(256)
  while (logBytes() <= 1.2 * MAX_LOG_BYTES)
    await Promise.all(Array.from({ length: 2_000 }, () => store.create({ customerId }, 600_000)))
}

describe('F205: the log of sqliteStore beside a reader that holds a snapshot', () => {
  const openReader = () => {
    const reader = new Database(file())
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM sessions').all()
    return reader
  }
  const useFakeIntervals = () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
  }

  test('is at most 16 MB ten seconds after the reader has left, while nothing is written', async () => {
    useFakeIntervals()
    const store = sqliteStore({ path: file() })
    const reader = openReader()
    await fillLog(store)
    vi.advanceTimersByTime(15_000)
    expect(logBytes()).toBeGreaterThan(MAX_LOG_BYTES)
    reader.exec('COMMIT')
    vi.advanceTimersByTime(10_000)
    expect(logBytes()).toBeLessThanOrEqual(MAX_LOG_BYTES)
    reader.close()
    await store.close()
  })

  test('is at most 16 MB after the next writes once the reader has left', async () => {
    useFakeIntervals()
    const store = sqliteStore({ path: file() })
    const reader = openReader()
    await fillLog(store)
    reader.exec('COMMIT')
    for (let round = 0; round < 3; round++) await store.create({}, 600_000)
    expect(logBytes()).toBeLessThanOrEqual(MAX_LOG_BYTES)
    reader.close()
    await store.close()
  })
})

describe('sqliteStore beside another process that writes', () => {
  test('F129: a read that renews nothing is answered while the other holds the file', async () => {
    const store = sqliteStore({ path: file(), busyTimeoutMs: 60 })
    const session = await store.create({ customerId: 'ada' }, 60_000)
    const other = new Database(file())
    other.exec('BEGIN IMMEDIATE')
    expect(await store.get(session.sessionId, 60_000, { touchMs: 1_000 })).toEqual(session)
    expect(await store.find('ada')).toEqual([session])
    await expect(store.get(session.sessionId, 120_000, { touchMs: 1_000 })).rejects.toMatchObject({
      code: expect.stringMatching(/^SQLITE_BUSY/),
    })
    other.exec('ROLLBACK')
    other.close()
    await store.close()
  })
})

describe('the sweep of sqliteStore', () => {
  const watch = () => {
    const database = new Database(file(), { readonly: true })
    onTestFinished(() => void database.close())
    return () => Number(database.prepare('SELECT count(*) FROM sessions').raw().get([]))
  }

  test('F123: removes expired sessions from the file, and ids whose removal is long ago', async () => {
    let time = Date.now()
    const store = sqliteStore({ path: file(), now: () => time, sweepMs: 5 })
    const count = watch()
    await Promise.all(Array.from({ length: 2_500 }, () => store.create({}, 1_000)))
    await store.remove('an-id-that-nobody-has')
    time += 600_000
    await vi.waitUntil(() => count() === 0, { timeout: 5_000 })
    const database = new Database(file(), { readonly: true })
    await vi.waitUntil(
      () => Number(database.prepare('SELECT count(*) FROM erased_sessions').raw().get([])) === 0,
      { timeout: 5_000 },
    )
    database.close()
    await store.close()
  })

  test('stops after 3 ms, lets others through, and goes on', async () => {
    let time = Date.now()
    // Each look at the clock takes a millisecond: a step has three.
    let looks = 0
    vi.spyOn(performance, 'now').mockImplementation(() => ++looks)
    onTestFinished(() => void vi.restoreAllMocks())
    const store = sqliteStore({ path: file(), now: () => time, sweepMs: 5 })
    await Promise.all(Array.from({ length: 1_000 }, () => store.create({}, 1_000)))
    const count = watch()
    time += 1_000
    const counts = [count()]
    while (counts.at(-1) !== 0) {
      await new Promise((resolve) => setImmediate(resolve))
      counts.push(count())
    }
    const steps = counts.map((left, index) => (counts[index - 1] ?? left) - left)
    expect(Math.max(...steps)).toBeLessThanOrEqual(3 * 32)
    await store.close()
  })

  test.each([
    ['expired sessions', 'expiry', 'expires_at <= 1 ORDER BY expires_at LIMIT 32'],
    ['the sessions of a customer', 'customer', "customer_id = 'ada' AND expires_at > 1"],
  ])('%s are found by the index by %s', async (_, index, condition) => {
    await sqliteStore({ path: file() }).close()
    const database = new Database(file())
    const query = `EXPLAIN QUERY PLAN SELECT session_id FROM sessions WHERE ${condition}`
    const plan = JSON.stringify(database.prepare(query).all())
    expect(plan).toMatch(new RegExp(`SEARCH sessions USING (COVERING )?INDEX sessions_by_${index} `))
    expect(plan).not.toContain('TEMP B-TREE')
    database.close()
  })
})
