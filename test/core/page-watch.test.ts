import { expect, test } from 'vitest'
import type { Environment } from '../../src/core/environment.ts'
import { watchPage } from '../../src/core/page-watch.ts'
import { createEnvironment } from './support/simple-environment.ts'

/** A page, and what a client that watches it does. */
function open() {
  const listeners = new Map<string, (event: never) => void>()
  const page = { isVisible: true }
  const listen: Environment['listen'] = (name, listener) => {
    listeners.set(name, listener)
    return () => listeners.delete(name)
  }
  const log: string[] = []
  const end = watchPage(createEnvironment({ listen, isVisible: () => page.isVisible }), 'key', {
    follow: (value) => log.push(`follow ${value}`),
    wake: () => log.push('wake'),
    show: () => log.push('show'),
    sleep: () => log.push('sleep'),
    hide: () => log.push('hide'),
  })
  return {
    page,
    listeners,
    end,
    /** What it does when this happens. */
    after(name: string, event: object = {}) {
      listeners.get(name)?.(event as never)
      return log.splice(0)
    },
  }
}

test('what another tab writes under our keys is followed, and a storage that was cleared', () => {
  const { after } = open()
  expect(after('storage', { key: 'key', newValue: 's-1' })).toEqual(['follow s-1'])
  expect(after('storage', { key: 'key:at', newValue: null })).toEqual(['follow null'])
  expect(after('storage', { key: null, newValue: null })).toEqual(['follow null'])
  expect(after('storage', { key: 'cart', newValue: '1' })).toEqual([])
  // Another shop's, whose key begins as ours does.
  expect(after('storage', { key: 'key-b:at', newValue: 'forgotten s-9' })).toEqual([])
  expect(after('storage', { key: 'key-b', newValue: null })).toEqual([])
})

test('an app that says `new Event("storage")` to its own page, as many hooks do, does no harm', () => {
  expect(open().after('storage')).toEqual(['follow undefined'])
})

test('what waits goes on when the page is online or in sight, and not when it goes out of sight', () => {
  const { after, page } = open()
  expect(after('online')).toEqual(['wake'])
  expect(after('visibilitychange')).toEqual(['wake'])
  page.isVisible = false
  expect(after('visibilitychange')).toEqual([])
})

test.each([
  ['pagehide', ['hide'], 'pageshow'],
  ['freeze', ['sleep'], 'resume'],
])('from %s on the page hears nothing until it is back', (leaving, done, coming) => {
  const { after } = open()
  expect(after(leaving)).toEqual(done)
  expect(after('storage', { key: 'key', newValue: 's-1' })).toEqual([])
  // Chromium says so before pageshow.
  expect(after('visibilitychange')).toEqual([])
  expect(after(coming, { persisted: true })).toEqual(['show', 'wake'])
  expect(after('storage', { key: 'key', newValue: 's-1' })).toEqual(['follow s-1'])
  expect(after('visibilitychange')).toEqual(['wake'])
})

test('a page that is shown for the first time does not come back', () => {
  expect(open().after('pageshow', { persisted: false })).toEqual([])
})

test('when it ends, no listener is left', () => {
  const { end, listeners } = open()
  expect(listeners.size).toBeGreaterThan(6)
  end()
  expect([...listeners.keys()]).toEqual([])
})
