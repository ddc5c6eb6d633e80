import type { SessionNote } from 'storefront-session/core'
import { afterEach, expect, test, vi } from 'vitest'
import { catchUncaught } from '../support/uncaught.ts'
import { openBrowser, quiet } from './support/client-page.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const open = () => {
  const browser = openBrowser()
  const page = browser.open()
  page.client.start()
  /** What an observer that comes now is told at once. */
  const replay = (client = page.client) => {
    const notes: SessionNote[] = []
    client.observe((note) => notes.push(note))()
    return notes
  }
  return { browser, ...page, replay }
}
const paths = (notes: SessionNote[]) => notes.flatMap((note) => ('path' in note ? [note.path] : []))

test('in development observe() first replays what happened before, in its order, and goes on from there', async () => {
  const { client } = open()
  await client.associate({ visitId: 'v1' })
  await client.fetch('/api/cart')
  const types: string[] = []
  const end = client.observe(({ type }) => types.push(type))
  expect(types.filter((type) => ['created', 'associated', 'attached'].includes(type))).toEqual([
    'created',
    'associated',
    'attached',
  ])
  const before = types.length
  await client.associate({ visitId: 'v2' })
  expect(types.slice(before)).toContain('associated')
  end()
  const after = types.length
  await client.associate({ visitId: 'v3' })
  expect(types).toHaveLength(after)
})

test('observe() replays the latest 100 notes of a page', async () => {
  const { client, replay } = open()
  await client.ready()
  for (let index = 0; index < 150; index++) await client.fetch(`/api/item-${index}`)
  const notes = replay()
  expect(notes).toHaveLength(100)
  expect(paths(notes).at(-1)).toBe('/api/item-149')
  expect(paths(notes)).not.toContain('/api/item-0')
})

test('each observer is told the same, and a page is told nothing of another one', async () => {
  const { browser, client, replay } = open()
  await client.ready()
  await client.fetch('/api/cart')
  expect(replay()).toEqual(replay())
  expect(replay().length).toBeGreaterThan(0)
  expect(paths(replay(browser.open().client))).toEqual([])
})

test.each(['reset', 'forget'] as const)('%s() drops the notes of the session that is left', async (end) => {
  const { client, replay } = open()
  const { sessionId } = await client.associate({ visitId: 'v1' })
  await client.fetch('/api/cart')
  expect(replay().length).toBeGreaterThan(2)
  void client[end]()
  const notes = replay()
  expect(paths(notes)).toEqual([])
  expect(notes.map(({ type }) => type)).not.toContain('created')
  expect(notes.map(({ type }) => type)).not.toContain('associated')
  // The event itself may name what was left.
  expect(JSON.stringify(notes.filter(({ type }) => type !== 'reset' && type !== 'forgotten'))).not.toContain(
    sessionId,
  )
})

test('an observer that throws in the replay is reported, and hears what follows', async () => {
  const caught = catchUncaught()
  const { client } = open()
  await client.ready()
  await client.fetch('/api/cart')
  const types: string[] = []
  client.observe(({ type }) => {
    types.push(type)
    throw new Error('of devtools')
  })
  await client.associate({ visitId: 'v1' })
  await quiet()
  expect(types).toEqual(expect.arrayContaining(['created', 'associated']))
  expect(caught[0]).toEqual(new Error('of devtools'))
})

test('in production nothing is kept for observers that come later', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  vi.resetModules()
  const { openBrowser } = await import('./support/client-page.ts')
  const { client } = openBrowser().open()
  client.start()
  await client.ready()
  await client.fetch('/api/cart')
  const types: string[] = []
  client.observe(({ type }) => types.push(type))
  expect(types).toEqual([])
  await client.associate({ visitId: 'v1' })
  expect(types).toContain('associated')
})
