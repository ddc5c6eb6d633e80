import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionClient } from 'storefront-session/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOnDisk } from './support/disk.ts'
import type { LooseBrowser } from './support/engine.ts'
import { stored, type Visitor } from './support/visitor.ts'

declare const client: SessionClient

/** What is kept where nobody had the time to say goodbye. */
export function describeCrashes(visitor: Visitor): void {
  const { open, openStalled, sharedId, puts } = visitor
  const posts = () =>
    visitor.api.seen.filter(({ method, body }) => method === 'POST' && body.includes('last-words'))

  if (!visitor.engine.cannot.crashPages) {
    test('F20: a tab that crashes while it creates the session holds up nobody', async () => {
      await openStalled()
      await visitor.profile.crashPages()
      await sharedId([await open('?timeout=60000')])
    })

    test('F37: what a tab had accepted when it crashed is sent by the next page', async () => {
      const tab = await open()
      const id = await sharedId([tab])
      visitor.api.fault = ({ method }) =>
        method === 'POST' ? new Response(null, { status: 503 }) : undefined
      await tab.evaluate(() => void client.associate({ visitId: 'last-words' }))
      await expect.poll(() => stored(tab, ':visitId')).toMatch(/ last-words$/)
      await expect.poll(posts).not.toEqual([])
      await visitor.profile.crashPages()
      visitor.api.fault = undefined
      visitor.api.seen = []
      const next = await open()
      expect(await sharedId([next])).toBe(id)
      await expect.poll(posts, { timeout: 10_000 }).toHaveLength(1)
    })
  }

  let folder: string
  let browser: LooseBrowser | undefined
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'visitor-'))
  })
  afterEach(async () => {
    await browser?.kill()
    // Children that were killed a moment ago may still hold files.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  })

  test('F37, F41: what a browser had accepted and stored when it was killed is sent by the next visit', async () => {
    visitor.api.fault = ({ method }) => (method === 'POST' ? new Response(null, { status: 503 }) : undefined)
    browser = await visitor.engine.browse(folder, `${visitor.site.tab}?say=last-words`)
    await expect.poll(posts, { timeout: 20_000 }).not.toEqual([])
    // Chromium and Firefox gather writes for five seconds.
    await expect.poll(() => isOnDisk(folder, ' last-words'), { timeout: 20_000, interval: 200 }).toBe(true)
    await browser.kill()

    const [{ path } = { path: '' }] = posts()
    visitor.api.fault = undefined
    visitor.api.seen = []
    browser = await visitor.engine.browse(folder, visitor.site.tab)
    await expect.poll(posts, { timeout: 20_000 }).toHaveLength(1)
    expect(posts()[0]?.path).toBe(path)
    expect(puts()).toEqual([])
  })
}
