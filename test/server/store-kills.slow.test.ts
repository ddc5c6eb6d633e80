import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { redisStore, sqliteStore } from 'storefront-session/server'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasRedisServer, startRedis } from './support/redis-server.ts'
import { createLedger, visit } from './support/visitors.ts'

const KILLS = 20
/** How much is done between two kills, so that each comes at another moment of the work. */
const deedsBefore = (kill: number) => 150 + 37 * kill

describe('F125: a store that is killed again and again under load', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kills-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('on SQLite no answered session is lost, and no erased one comes back', async () => {
    const script = await bundleVisitors(folder)
    const path = join(folder, 'shop.db')
    const ledger = createLedger()
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [script, path, `process-${kill}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let deeds = 0
      const closed = once(child, 'close')
      createInterface({ input: child.stdout }).on('line', (line) => {
        ledger.add(line.split(' '))
        if (++deeds === deedsBefore(kill)) child.kill('SIGKILL')
      })
      await closed
    }
    expect(ledger.counts).toMatchObject({ failed: 0 })
    expect(ledger.counts.removed).toBeGreaterThan(KILLS * 20)
    const store = sqliteStore({ path })
    expect(await ledger.check(store)).toEqual({ lost: [], back: [] })
    await store.close()
  })

  test.runIf(hasRedisServer())(
    'on Redis that writes each answer to its append-only file, none is lost and none comes back',
    async () => {
      const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
      const store = redisStore({ url: redis.url, timeoutMs: 5_000 })
      const ledger = createLedger()
      let isOver = false
      const visitors = Array.from({ length: 20 }, (_, visitor) =>
        visit(store, `visitor-${visitor}`, ledger.add, () => isOver),
      )
      for (let kill = 0; kill < KILLS; kill++) {
        const { made, failed } = ledger.counts
        await vi.waitUntil(() => ledger.counts.made - made > deedsBefore(kill) / 2, {
          timeout: 30_000,
          interval: 1,
        })
        await redis.kill()
        await vi.waitUntil(() => ledger.counts.failed > failed, { timeout: 10_000 })
        await redis.restart()
      }
      const { made } = ledger.counts
      await vi.waitUntil(() => ledger.counts.made > made, { timeout: 10_000 })
      isOver = true
      await Promise.all(visitors)
      expect(ledger.counts.removed).toBeGreaterThan(KILLS * 20)
      expect(await ledger.check(store)).toEqual({ lost: [], back: [] })
      await store.close()
      await redis.remove()
    },
  )
})

async function bundleVisitors(folder: string): Promise<string> {
  const script = join(folder, 'visitors.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./support/visitors-process.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
  return script
}
