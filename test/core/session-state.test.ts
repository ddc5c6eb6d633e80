import { expect, test, vi } from 'vitest'
import { createStateView } from '../../src/core/session-state.ts'
import { SessionError } from '../../src/wire/session-error.ts'

type Sources = ReturnType<Parameters<typeof createStateView>[0]>

function open(first: Partial<Sources> = {}, isLive = true) {
  const sources: Sources = {
    enabled: true,
    sessionId: null,
    cached: undefined,
    pending: {},
    isValidating: false,
    error: null,
    persistence: 'local',
    ...first,
  }
  let derived = 0
  const view = createStateView(
    () => {
      derived++
      return { ...sources, pending: { ...sources.pending } }
    },
    () => isLive,
  )
  return { sources, view, derived: () => derived }
}

const error = new SessionError('network', 'no network')

test.each<[string, Partial<Sources>, object]>([
  ['nothing is known yet', {}, { status: 'pending', sessionId: null, session: null, isAssociating: false }],
  ['there is an id', { sessionId: 's-1' }, { status: 'ready', session: { sessionId: 's-1' } }],
  ['there is trouble and no id', { error }, { status: 'error', error }],
  ['there is trouble and an id', { error, sessionId: 's-1' }, { status: 'ready', error }],
  [
    'something is pending: it shows at once',
    {
      sessionId: 's-1',
      cached: { sessionId: 's-1', customerId: 'ada', visitId: 'v1' },
      pending: { visitId: 'v2' },
    },
    { isAssociating: true, session: { sessionId: 's-1', customerId: 'ada', visitId: 'v2' } },
  ],
  [
    'it is disabled: nothing is told',
    {
      enabled: false,
      sessionId: 's-1',
      cached: { sessionId: 's-1' },
      pending: { visitId: 'v1' },
      isValidating: true,
    },
    { status: 'disabled', sessionId: null, session: null, isValidating: false, isAssociating: false },
  ],
  ['it is being asked for', { isValidating: true }, { isValidating: true, status: 'pending' }],
  ['storage is refused', { persistence: 'memory' }, { persistence: 'memory' }],
])('the state where %s', (_, sources, expected) => {
  expect(open(sources).view.get()).toMatchObject(expected)
})

test('what the cache says of another session is not of this one', () => {
  const { view } = open({ sessionId: 's-1', cached: { sessionId: 's-2', customerId: 'eve' } })
  expect(view.get().session).toEqual({ sessionId: 's-1' })
})

test('the same facts are the same object, and a session that is the same stays so in another state', () => {
  const { view, sources } = open({ sessionId: 's-1', cached: { sessionId: 's-1', customerId: 'ada' } })
  const first = view.get()
  view.update()
  sources.cached = { customerId: 'ada', sessionId: 's-1' }
  view.update()
  expect(view.get()).toBe(first)
  sources.isValidating = true
  view.update()
  expect(view.get()).not.toBe(first)
  expect(view.get().session).toBe(first.session)
  sources.cached = { sessionId: 's-1' }
  view.update()
  expect(view.get().session).toEqual({ sessionId: 's-1' })
  sources.pending = { visitId: 'v1' }
  view.update()
  expect(view.get().session).toEqual({ sessionId: 's-1', visitId: 'v1' })
  sources.sessionId = null
  view.update()
  expect(view.get().session).toBeNull()
  const none = view.get()
  view.update()
  expect(view.get()).toBe(none)
})

test('a listener hears each change once, and none when it has ended, whatever others do', () => {
  const { view, sources } = open()
  const heard = vi.fn(() => view.get().sessionId)
  const end = view.subscribe(heard)
  view.update()
  expect(heard).toHaveBeenCalledTimes(1)
  view.update()
  expect(heard).toHaveBeenCalledTimes(1)
  sources.sessionId = 's-1'
  view.update()
  expect(heard).toHaveLastReturnedWith('s-1')
  end()
  sources.sessionId = 's-2'
  view.update()
  expect(heard).toHaveBeenCalledTimes(2)
})

test('a live state is derived once a change, however many read it; one that nobody keeps up is derived anew', () => {
  for (const isLive of [true, false]) {
    const { view, sources, derived } = open({}, isLive)
    view.get()
    view.update()
    const before = derived()
    for (let reader = 0; reader < 10; reader++) view.get()
    expect(derived() - before).toBe(isLive ? 0 : 10)
    sources.sessionId = 's-1'
    expect(view.get().sessionId).toBe(isLive ? null : 's-1')
  }
})
