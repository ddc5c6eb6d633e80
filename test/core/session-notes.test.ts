import { expect, test, vi } from 'vitest'
import type { SessionEvent } from '../../src/core/options.ts'
import { createSessionNotes } from '../../src/core/session-notes.ts'

const created: SessionEvent = { type: 'created', sessionId: 's-1' }
const attached = { type: 'attached', sessionId: 's-1', method: 'GET', path: '/orders' } as const

test('the app hears events, devtools hear requests, too, until they no longer want to', () => {
  const onEvent = vi.fn()
  const notes = createSessionNotes({ onEvent })
  const heard = vi.fn()
  const end = notes.observe(heard)
  notes.emit(created)
  notes.note(attached)
  expect([onEvent.mock.calls, heard.mock.calls]).toEqual([[[created]], [[created], [attached]]])
  end()
  notes.emit(created)
  expect([onEvent.mock.calls.length, heard.mock.calls.length]).toEqual([2, 2])
})

test('the callback may change, and may be missing', () => {
  const queue = vi.spyOn(globalThis, 'queueMicrotask')
  const options: { onEvent?: (event: SessionEvent) => void } = {}
  const notes = createSessionNotes(options)
  notes.emit(created)
  // Nothing is reported as uncaught.
  expect(queue).not.toHaveBeenCalled()
  queue.mockRestore()
  options.onEvent = vi.fn()
  notes.emit(created)
  expect(options.onEvent).toHaveBeenCalledExactlyOnceWith(created)
})

test('what a callback throws is reported as uncaught, and the others hear all the same', () => {
  const queued: (() => void)[] = []
  vi.stubGlobal('queueMicrotask', (callback: () => void) => queued.push(callback))
  const broken = (what: string) => () => {
    throw new Error(what)
  }
  const heard = vi.fn()
  const notes = createSessionNotes({ onEvent: broken('of the app') })
  notes.observe(broken('of devtools'))
  notes.observe(heard)
  notes.emit(created)
  vi.unstubAllGlobals()
  expect(heard).toHaveBeenCalledOnce()
  expect(queued.length).toBe(2)
  expect(queued[0]).toThrow('of the app')
  expect(queued[1]).toThrow('of devtools')
})
