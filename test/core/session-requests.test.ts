import { describe, expect, test, vi } from 'vitest'
import { createSessionRequests } from '../../src/core/session-requests.ts'
import type { SessionCall } from '../../src/wire/session-api.ts'
import { SessionError } from '../../src/wire/session-error.ts'
import type { SessionInfo } from '../../src/wire/session-info.ts'
import { openFacts } from './support/facts-world.ts'

const ID = 'session-1'
const OTHER = 'session-2'

const failure = (status: number) => new SessionError('http', 'no', { status })
const notFound = () => new SessionError('session-not-found', 'Session not found', { status: 404 })
const network = () => new SessionError('network', 'no network')

type Answer = (call: SessionCall) => SessionInfo | Promise<SessionInfo>

/** The requests of a page, over an API that the test plays. */
function open({ create, retry = 0 }: { create?: 'client'; retry?: number } = {}) {
  const page = openFacts()
  const calls: (SessionCall & { text: string })[] = []
  const answers: Answer[] = []
  const waits: boolean[] = []
  const pause = vi.fn(async (_: number) => undefined)
  const lock = vi.fn(<T>(task: (hadToWait: boolean) => Promise<T>) => task(waits.shift() ?? false))
  const requests = createSessionRequests({
    ...page,
    create,
    retry,
    now: page.world.now,
    pause,
    // A mock forgets that it gives what its task gives.
    lock: (task) => lock(task) as never,
    emit: page.emit,
    call: async (call) => {
      calls.push({
        ...call,
        text: `${call.method} ${call.sessionId ?? ''} ${JSON.stringify(call.ids ?? {})}`,
      })
      const answer = answers.shift()
      return answer
        ? answer(call)
        : { sessionId: call.method === 'PUT' ? ID : String(call.sessionId), ...call.ids }
    },
  })
  const fails =
    (error: SessionError): Answer =>
    () =>
      Promise.reject(error)
  page.facts.follow()
  return {
    ...page,
    requests,
    pause,
    lock,
    waits,
    answers,
    fails,
    calls,
    asked: () => calls.splice(0).map(({ text }) => text),
    /** A session that the server has confirmed. */
    confirmed(ids: object = {}) {
      page.facts.confirm({ sessionId: ID, ...ids }, ids)
      page.events()
      page.clock.ms += 1_000
    },
  }
}

describe('confirming', () => {
  test('makes a session with what is pending, in one request, and says so', async () => {
    const { requests, pending, asked, events, record } = open()
    pending.accept({ customerId: 'ada' })
    await requests.confirmSession()
    expect([asked(), record.id(), pending.ids()]).toEqual([['PUT  {"customerId":"ada"}'], ID, {}])
    expect(events()).toEqual([
      { type: 'created', sessionId: ID },
      { type: 'associated', sessionId: ID, fields: ['customerId'] },
    ])
  })

  test('asks for one that is there', async () => {
    const { requests, confirmed, asked, events } = open()
    confirmed()
    await requests.confirmSession()
    expect([asked(), events()]).toEqual([[`GET ${ID} {}`], []])
  })

  test('asks nothing where another tab has confirmed it since, or has made one', async () => {
    for (const stored of [ID, undefined]) {
      const { requests, confirmed, lock, storage, clock, asked, record } = open()
      if (stored) confirmed()
      lock.mockImplementationOnce((task) => {
        storage.values.set('key:at', ` ${clock.ms + (stored ? 1 : 0)} ${ID}`)
        storage.values.set('key', ID)
        clock.ms += 10
        return task(false)
      })
      await requests.confirmSession()
      expect([asked(), record.id()]).toEqual([[], ID])
    }
  })

  test('looks no second time where it learns that the session is lost: the next one is made at once', async () => {
    const { requests, confirmed, answers, fails, pause, asked } = open()
    confirmed()
    answers.push(fails(notFound()), fails(notFound()))
    await requests.confirmSession()
    expect([pause.mock.calls, asked()]).toEqual([[], [`GET ${ID} {}`, `POST ${ID} {}`, `PUT ${ID} {}`]])
  })

  test('does not bring an id to the server again that it has confirmed, though storage no longer says so', async () => {
    const { requests, confirmed, storage, asked, events } = open({ create: 'client' })
    confirmed()
    storage.values.delete('key:at')
    await requests.confirmSession()
    expect([asked(), events()]).toEqual([[`GET ${ID} {}`], []])
  })

  test('looks again before it makes one, where another tab held the lock until now', async () => {
    const { requests, waits, pause, asked } = open()
    waits.push(true)
    await requests.confirmSession()
    expect([pause.mock.calls, asked()]).toEqual([[[200]], ['PUT  {}']])
  })

  test('looks again as long as it had to wait, three times at most: hidden tabs meet at the lock once a second', async () => {
    const { requests, waits, pause, asked } = open()
    waits.push(true, true, true, true)
    await requests.confirmSession()
    expect([pause.mock.calls.length, asked()]).toEqual([3, ['PUT  {}']])
  })

  test('makes the next session at once where this tab has left the last: all others look first', async () => {
    const { requests, facts, waits, pause, asked } = open()
    facts.isNextOurs = true
    waits.push(true)
    await requests.confirmSession()
    expect([pause.mock.calls.length, asked()]).toEqual([0, ['PUT  {}']])
  })

  test('looks first again where making the next session failed: another tab may have taken it over', async () => {
    const { requests, facts, answers, fails, waits, pause } = open({ retry: 1 })
    facts.isNextOurs = true
    answers.push(fails(network()))
    waits.push(false, true)
    await requests.confirmSession()
    expect(pause.mock.calls).toEqual([[200]])
  })

  test('looks again, too, where another tab has left the session and is making the next', async () => {
    const { requests, confirmed, facts, record, pause, asked } = open()
    confirmed()
    facts.isNextOurs = false
    record.leave()
    await requests.confirmSession()
    expect([pause.mock.calls.length, asked()]).toEqual([1, ['PUT  {}']])
  })

  test('makes a session that is lost again: under its id where this page saw it alive, else anew, with what is known', async () => {
    const seen = open()
    seen.confirmed({ customerId: 'ada' })
    seen.facts.lose(ID, 'lost')
    await seen.requests.confirmSession()
    expect(seen.asked()).toEqual([`POST ${ID} {"customerId":"ada"}`])
    const unseen = open()
    unseen.confirmed({ customerId: 'ada' })
    unseen.facts.confirmedId = undefined
    unseen.answers.push(unseen.fails(notFound()), () => ({ sessionId: OTHER, customerId: 'ada' }))
    await unseen.requests.confirmSession()
    expect(unseen.asked()).toEqual([`GET ${ID} {}`, `PUT ${ID} {"customerId":"ada"}`])
    expect(unseen.events().map(({ type }) => type)).toEqual(['lost', 'created'])
  })

  test('makes it again under its id where the server says so of one that this page saw alive', async () => {
    const { requests, confirmed, answers, fails, asked } = open()
    confirmed()
    answers.push(fails(notFound()))
    await requests.confirmSession()
    expect(asked()).toEqual([`GET ${ID} {}`, `POST ${ID} {}`])
  })

  test('asks for the session of now, whatever was lost before', async () => {
    const { requests, confirmed, facts, asked } = open()
    confirmed()
    facts.lose(OTHER, 'refused')
    await requests.confirmSession()
    expect(asked()).toEqual([`GET ${ID} {}`])
  })

  test('that is aborted is no trouble of the API', async () => {
    const { requests, answers, fails, facts, backOff } = open()
    answers.push(fails(new SessionError('aborted', 'The session was left')))
    await expect(requests.confirmSession()).rejects.toMatchObject({ code: 'aborted' })
    expect([facts.error, backOff.isOpen()]).toEqual([null, true])
  })

  test('makes another where the server does not make it again', async () => {
    const { requests, confirmed, facts, answers, fails, asked } = open()
    confirmed()
    facts.lose(ID, 'lost')
    answers.push(fails(failure(405)), () => ({ sessionId: OTHER }))
    await requests.confirmSession()
    expect(asked()).toEqual([`POST ${ID} {}`, `PUT ${ID} {}`])
  })

  test('never takes an id that it did not ask for: it makes a session of its own, and says which it replaces', async () => {
    const { requests, confirmed, answers, asked, events } = open()
    confirmed()
    answers.push(
      () => ({ sessionId: 'somebody-elses' }),
      () => ({ sessionId: OTHER }),
    )
    await requests.confirmSession()
    expect(asked()).toEqual([`GET ${ID} {}`, `PUT ${ID} {}`])
    expect(events()).toEqual([{ type: 'replaced', sessionId: OTHER, previousSessionId: ID }])
  })

  test('gives up ids that the server does not like, and makes the session without them', async () => {
    const { requests, pending, answers, fails, asked, facts, events } = open()
    pending.accept({ customerId: 'ada' })
    answers.push(fails(failure(400)))
    await requests.confirmSession()
    expect(asked()).toEqual(['PUT  {"customerId":"ada"}', 'PUT  {}'])
    expect([facts.known(), events()[0]]).toEqual([
      {},
      { type: 'association-failed', sessionId: null, fields: ['customerId'] },
    ])
  })

  test('that fails for good is not tried again', async () => {
    for (const status of [400, 401, 403, 404, 499]) {
      const { requests, answers, fails, calls } = open({ retry: 3 })
      answers.push(fails(failure(status)))
      await expect(requests.confirmSession()).rejects.toMatchObject({ status })
      expect(calls).toHaveLength(1)
    }
  })

  test('that fails for now is tried again so often, where there is no session to go on with', async () => {
    vi.useFakeTimers()
    for (const error of [network(), failure(408), failure(425), failure(429), failure(500), failure(503)]) {
      const { requests, answers, fails, calls } = open({ retry: 2 })
      for (let time = 0; time < 5; time++) answers.push(fails(error))
      const confirmed = requests.confirmSession().catch((reason) => reason)
      await vi.advanceTimersByTimeAsync(60_000)
      expect([await confirmed, calls.length]).toEqual([error, 3])
    }
    vi.useRealTimers()
  })

  test('that fails for now, of a session that is there, is answer enough', async () => {
    const { requests, confirmed, answers, fails, calls, facts } = open({ retry: 3 })
    confirmed()
    answers.push(fails(network()))
    await expect(requests.confirmSession()).rejects.toMatchObject({ code: 'network' })
    expect([calls.length, facts.isFailing]).toEqual([1, true])
  })

  test('is given up with the session, without trouble', async () => {
    const { requests, facts, lock, calls } = open({ retry: 3 })
    lock.mockImplementationOnce((task) => {
      facts.leave('left')
      return task(false)
    })
    await expect(requests.confirmSession()).rejects.toMatchObject({
      code: 'aborted',
      message: 'The session was left',
    })
    expect([calls.length, facts.error]).toEqual([0, null])
  })

  test('waits for its turn where a request failed meanwhile', async () => {
    const { requests, lock, backOff, calls } = open()
    lock.mockImplementationOnce(async (task) => {
      backOff.fail(undefined)
      const result = await task(false)
      expect(calls).toEqual([])
      backOff.succeed()
      return result
    })
    await requests.confirmSession()
    expect(calls).toHaveLength(1)
  })
})

describe('an answer that comes late', () => {
  test.each<[string, 'confirmSession' | 'sendPending', Answer]>([
    ['a session', 'confirmSession', () => ({ sessionId: ID, customerId: 'ada' })],
    ['another session', 'confirmSession', () => ({ sessionId: OTHER })],
    ['not found', 'confirmSession', () => Promise.reject(notFound())],
    ['an association', 'sendPending', () => ({ sessionId: ID })],
    ['a refusal', 'sendPending', () => Promise.reject(failure(400))],
    ['not found, for an association', 'sendPending', () => Promise.reject(notFound())],
  ])('%s, when the session was left by then, means nothing', async (_, name, answer) => {
    const { requests, confirmed, pending, answers, facts, record, events, cache, calls, lock } = open()
    confirmed()
    pending.accept({ visitId: 'v1' })
    answers.push(async (call) => {
      record.leave()
      facts.leave('left')
      return answer(call)
    })
    // Only this one.
    lock
      .mockImplementationOnce((task) => task(false))
      .mockImplementation(() => Promise.reject(new Error('enough')))
    await requests[name]().catch(() => undefined)
    expect(calls).toHaveLength(1)
    expect([record.id(), facts.lost, facts.error, cache.get(), pending.ids()]).toEqual([
      null,
      undefined,
      null,
      undefined,
      {},
    ])
    expect(events()).toEqual([])
  })
})

describe('what is pending', () => {
  test('is kept where an answer of 200 is an error: that may be another one next time', async () => {
    const { requests, confirmed, pending, answers, fails, facts } = open()
    confirmed()
    pending.accept({ visitId: 'v1' })
    answers.push(fails(failure(200)))
    await requests.sendPending()
    expect([pending.ids(), facts.error?.status]).toEqual([{ visitId: 'v1' }, 200])
    facts.stop()
  })

  test('is sent once, in a request that outlives the page, and told', async () => {
    const { requests, confirmed, pending, calls, events } = open()
    confirmed()
    pending.accept({ visitId: 'v1', customerId: 'ada' })
    await requests.sendPending()
    expect(calls).toMatchObject([
      { method: 'POST', sessionId: ID, ids: { visitId: 'v1', customerId: 'ada' }, keepalive: true },
    ])
    expect(events()).toEqual([{ type: 'associated', sessionId: ID, fields: ['customerId', 'visitId'] }])
    await requests.sendPending()
    expect(calls).toHaveLength(1)
  })

  test('goes without keepalive after a failure, whose cause that may be', async () => {
    vi.useFakeTimers()
    const { requests, confirmed, pending, answers, fails, calls, backOff } = open()
    confirmed()
    pending.accept({ visitId: 'v1' })
    answers.push(fails(network()))
    await requests.sendPending()
    await requests.sendPending()
    expect(calls).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(backOff.isOpen()).toBe(true)
    await requests.sendPending()
    expect(calls.map(({ keepalive }) => keepalive)).toEqual([true, false])
    vi.useRealTimers()
  })

  test('waits for a session, and for one that is lost', async () => {
    const { requests, confirmed, pending, calls, facts } = open()
    pending.accept({ visitId: 'v1' })
    await requests.sendPending()
    requests.flush()
    confirmed()
    facts.lose(ID, 'lost')
    await requests.sendPending()
    requests.flush()
    expect(calls).toEqual([])
  })

  test('is rolled back where it is refused for good, and lost where the session is', async () => {
    const { requests, confirmed, pending, answers, fails, facts, events } = open()
    confirmed()
    pending.accept({ visitId: 'v1' })
    answers.push(fails(failure(400)), fails(notFound()))
    await requests.sendPending()
    expect([pending.ids(), events().map(({ type }) => type)]).toEqual([{}, ['association-failed']])
    pending.accept({ visitId: 'v2' })
    await requests.sendPending()
    expect([pending.ids(), facts.lost]).toEqual([{ visitId: 'v2' }, { id: ID, how: 'refused' }])
  })

  test('says nothing of a value that was accepted since', async () => {
    const { requests, confirmed, pending, answers, events } = open()
    confirmed()
    pending.accept({ visitId: 'v1' })
    answers.push(() => {
      pending.accept({ visitId: 'v2' })
      return { sessionId: ID }
    })
    await requests.sendPending()
    expect([events(), pending.ids()]).toEqual([[], { visitId: 'v2' }])
  })

  test('goes at once when the page leaves, without a turn, and is kept until it is answered', async () => {
    const { requests, confirmed, pending, answers, fails, calls, lock } = open()
    confirmed()
    requests.flush()
    pending.accept({ visitId: 'v1' })
    answers.push(fails(network()))
    requests.flush()
    expect(calls).toMatchObject([{ method: 'POST', sessionId: ID, ids: { visitId: 'v1' }, keepalive: true }])
    expect(lock).not.toHaveBeenCalled()
    await new Promise((resolve) => setTimeout(resolve))
    expect(pending.ids()).toEqual({ visitId: 'v1' })
  })
})

describe('an id that the browser chose', () => {
  /** A page that has chosen its id. */
  function openChosen() {
    const page = open({ create: 'client' })
    page.record.keep('chosen-1', 0)
    return page
  }

  test('is brought to the server with what is known', async () => {
    const { requests, pending, asked, events, record } = openChosen()
    pending.accept({ visitId: 'v1' })
    await requests.confirmSession()
    expect([asked(), record.id()]).toEqual([['POST chosen-1 {"visitId":"v1"}'], 'chosen-1'])
    expect(events().map(({ type }) => type)).toEqual(['created', 'associated'])
    await requests.confirmSession()
    expect(asked()).toEqual(['GET chosen-1 {}'])
  })

  test('that the server refuses or does not know is made by the server', async () => {
    for (const error of [failure(405), notFound()]) {
      const { requests, answers, fails, asked, record } = openChosen()
      answers.push(fails(error))
      await requests.confirmSession()
      expect([asked(), record.id()]).toEqual([['POST chosen-1 {}', 'PUT chosen-1 {}'], ID])
    }
  })

  test('counts when it is confirmed first, though another tab has written its own since', async () => {
    const { requests, answers, storage, record, asked } = openChosen()
    answers.push((call) => {
      storage.values.set('key:at', ' 0 chosen-2')
      storage.values.set('key', 'chosen-2')
      return { sessionId: String(call.sessionId) }
    })
    await requests.confirmSession()
    expect([asked(), record.id(), storage.values.get('key')]).toEqual([
      ['POST chosen-1 {}'],
      'chosen-1',
      'chosen-1',
    ])
  })

  test('gives way to one that another tab has confirmed meanwhile', async () => {
    const { requests, answers, storage, record, clock } = openChosen()
    answers.push((call) => {
      storage.values.set('key:at', ` ${clock.ms} chosen-2`)
      storage.values.set('key', 'chosen-2')
      return { sessionId: String(call.sessionId) }
    })
    await requests.confirmSession()
    expect(record.id()).toBe('chosen-2')
  })
})
