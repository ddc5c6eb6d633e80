import { afterEach, describe, expect, test, vi } from 'vitest'
import { browserEnvironment, nowhere } from '../../src/core/browser-environment.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const page = () => browserEnvironment() as NonNullable<ReturnType<typeof browserEnvironment>>

test('on a server there is no environment', () => {
  for (const missing of ['document', 'addEventListener', 'fetch']) {
    vi.stubGlobal(missing, undefined)
    expect(browserEnvironment(), missing).toBeUndefined()
    vi.unstubAllGlobals()
  }
})

test('nowhere there is nothing that a session could be kept in, and nothing happens', async () => {
  const { storage, locks, channel, randomUUID, isVisible, href, origin, activation, listen } = nowhere
  expect([storage('local'), locks(), channel('key'), randomUUID(), isVisible(), href(), origin()]).toEqual([
    null,
    undefined,
    undefined,
    '',
    false,
    '',
    '',
  ])
  await activation()
  listen('online', () => undefined)()
})

describe('in a page', () => {
  test('each storage is its own', () => {
    expect([page().storage('local'), page().storage('session')]).toEqual([localStorage, sessionStorage])
    expect(page().storage('local')).not.toBe(page().storage('session'))
  })

  test('a channel is opened by its name, where the browser has channels', () => {
    const opened = vi.fn()
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor(name: string) {
          opened(name)
        }
      },
    )
    expect(page().channel('key')).toBeTruthy()
    expect(opened).toHaveBeenCalledExactlyOnceWith('key')
    vi.stubGlobal('BroadcastChannel', undefined)
    expect(() => page().channel('key')).toThrow()
  })

  test('without Web Locks the clients of one page take turns, whatever becomes of a turn', async () => {
    const locks = page().locks()
    const log: string[] = []
    const turn = (name: string, ms: number) => () =>
      new Promise<void>((resolve, reject) =>
        setTimeout(() => {
          log.push(name)
          if (name === 'fails') reject(new Error('no'))
          else resolve()
        }, ms),
      )
    const failing = locks?.request('one', {}, turn('fails', 20))
    const others = [locks?.request('one', {}, turn('waits', 0)), locks?.request('two', {}, turn('other', 0))]
    await expect(failing).rejects.toThrow('no')
    await Promise.all(others)
    expect(log).toEqual(['other', 'fails', 'waits'])
  })

  test('an id of its own choice cannot be guessed, on plain HTTP neither', () => {
    expect(page().randomUUID()).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    vi.stubGlobal('crypto', {
      getRandomValues: (bytes: Uint8Array) => bytes.map((_, index) => (index ? 255 - index : 7)),
    })
    expect(page().randomUUID()).toBe('07fefdfcfbfaf9f8f7f6f5f4f3f2f1f0')
  })

  test.each([
    ['visible', true],
    ['hidden', false],
    ['prerender', true],
  ])('it is in sight unless it is hidden: %s', (state, isVisible) => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state as DocumentVisibilityState)
    expect(page().isVisible()).toBe(isVisible)
  })

  test('prerendered, it is active once it is shown', async () => {
    await page().activation()
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
    const active = vi.fn()
    void page().activation().then(active)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(active).not.toHaveBeenCalled()
    document.dispatchEvent(new Event('prerenderingchange'))
    await vi.waitFor(() => expect(active).toHaveBeenCalledOnce())
    Reflect.deleteProperty(document, 'prerendering')
  })

  test.each([
    ['storage', () => window],
    ['online', () => window],
    ['pageshow', () => window],
    ['pagehide', () => window],
    ['visibilitychange', () => document],
    ['freeze', () => document],
    ['resume', () => document],
  ] as const)('%s is heard where it happens, until that ends', (name, target) => {
    const heard = vi.fn()
    const end = page().listen(name, heard)
    target().dispatchEvent(new Event(name))
    expect(heard).toHaveBeenCalledOnce()
    end()
    target().dispatchEvent(new Event(name))
    expect(heard).toHaveBeenCalledOnce()
  })

  test('clock, chance, timers, fetch and address are the browser’s, looked up when they are used', async () => {
    const { now, random, setTimeout, clearTimeout, fetch, href, origin } = page()
    vi.spyOn(Date, 'now').mockReturnValue(7)
    vi.spyOn(Math, 'random').mockReturnValue(0.25)
    const fetched = vi.fn(async () => new Response('fine'))
    vi.stubGlobal('fetch', fetched)
    await fetch('/a', { method: 'POST' })
    expect(fetched).toHaveBeenCalledExactlyOnceWith('/a', { method: 'POST' })
    expect([now(), random(), href(), origin()]).toEqual([
      7,
      0.25,
      'http://localhost:3000/',
      'http://localhost:3000',
    ])
    const late = vi.fn()
    clearTimeout(setTimeout(late, 0))
    await new Promise<void>((resolve) => setTimeout(resolve, 5))
    expect(late).not.toHaveBeenCalled()
  })
})
