import { expect, test, vi } from 'vitest'
import type { EnvironmentChannel } from '../../src/core/environment.ts'
import { createTabChannel } from '../../src/core/tab-channel.ts'
import { createEnvironment } from './support/simple-environment.ts'

/** Channels that a test can look into. */
function openWith(refuse?: 'to open' | 'to post') {
  const opened: { name: string; sent: unknown[]; isClosed: boolean; hear(data: unknown): void }[] = []
  const channel = (name: string): EnvironmentChannel => {
    if (refuse === 'to open') throw new DOMException('no', 'SecurityError')
    const end: (typeof opened)[0] = { name, sent: [], isClosed: false, hear: () => undefined }
    opened.push(end)
    return {
      postMessage(message) {
        if (refuse === 'to post') throw new DOMException('closed', 'InvalidStateError')
        end.sent.push(message)
      },
      addEventListener(type, listener) {
        if (type === 'message') end.hear = (data) => listener({ data })
      },
      close() {
        end.isClosed = true
      },
    }
  }
  const heard = vi.fn()
  return { opened, heard, tabs: createTabChannel(createEnvironment({ channel }), 'key', heard) }
}

test('it tells and hears under its name, opened once however often', () => {
  const { opened, heard, tabs } = openWith()
  tabs.open()
  tabs.open()
  tabs.tell('follow')
  opened[0]?.hear({ sessionId: 's-1' })
  expect(opened).toMatchObject([{ name: 'key', sent: ['follow'] }])
  expect(heard).toHaveBeenCalledExactlyOnceWith({ sessionId: 's-1' })
})

test('closed, it tells nobody, and can be opened again', () => {
  const { opened, tabs } = openWith()
  tabs.close()
  tabs.tell('follow')
  tabs.open()
  tabs.close()
  tabs.tell('follow')
  tabs.open()
  tabs.tell('leave')
  expect(opened).toMatchObject([
    { isClosed: true, sent: [] },
    { isClosed: false, sent: ['leave'] },
  ])
})

test.each(['to open', 'to post'] as const)(
  'where the browser refuses %s, storage events carry the news',
  (how) => {
    const { tabs } = openWith(how)
    tabs.open()
    tabs.tell('follow')
    tabs.close()
  },
)

test('where there is no such thing, neither', () => {
  const tabs = createTabChannel(createEnvironment(), 'key', () => undefined)
  tabs.open()
  tabs.tell('follow')
  tabs.close()
})
