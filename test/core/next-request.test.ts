import { expect, test } from 'vitest'
import { nextRequest } from '../../src/core/next-request.ts'
import { createSession, type Session, type SessionRecord } from '../../src/core/session.ts'
import type { Stored } from '../../src/core/stored-session.ts'

// The whole decision as a table: what is known, and what is asked next.

const NOW = 1_000_000
const stored = (some: Partial<Stored> = {}): Stored => ({
  id: 's1',
  generation: '',
  confirmedId: 's1',
  confirmedAt: NOW,
  hasCustomer: false,
  isEmpty: false,
  hasMark: true,
  ...some,
})

/** A page that is started and may ask, with an empty cache. */
function sessionWith(some: Partial<SessionRecord>, options: Partial<Session['options']> = {}): Session {
  const parts = { options: { baseUrl: '/api', ...options }, isBrowser: true, cache: { get: () => undefined } }
  const session = createSession(parts as unknown as Parameters<typeof createSession>[0]) // the decision reads no other part
  return Object.assign(session, { isStarted: true, isActive: true }, some)
}

const none = { standing: { is: 'none' } } as const
const chosen = {
  standing: { is: 'chosen', id: 's1', isWritten: true },
  stored: stored({ confirmedAt: 0 }),
} as const
const found = { standing: { is: 'stored', id: 's1' }, stored: stored() } as const
const foundForCustomer = { ...found, stored: stored({ confirmedAt: 0, hasCustomer: true }) }
const confirmed = { standing: { is: 'confirmed', id: 's1' }, stored: stored(), knownAt: NOW } as const
const lost = (how: 'lost' | 'replaced' | 'refused', wasOurs = true) =>
  ({ standing: { is: 'lost', id: 's1', how, wasOurs }, stored: stored() }) as const
const ada = { customerId: 'ada' }
const visit = { visitId: 'v1' }
const waiting = [{ fields: ['visitId' as const], resolve: () => undefined, reject: () => undefined }]
const question = { id: 's1', at: NOW }
const identity = { said: 'ada', decided: 'ada', named: ['ada'], isOpen: true }
const rotate = { rotate: 'on-sign-in' } as const
const byBrowser = { create: 'client' } as const

type Row = [
  title: string,
  known: Partial<SessionRecord>,
  asked: [call: string, why: string, ids?: object] | undefined,
  options?: Partial<Session['options']>,
]

const TABLE: Row[] = [
  // Who may ask at all.
  ['no consent', { ...none, isEnabled: false }, undefined],
  ['a server', { ...none, isBrowser: false }, undefined],
  ['a client that was stopped', { ...none, isActive: false }, undefined],
  ['no consent, with ids to send', { ...confirmed, isEnabled: false, pending: visit }, undefined],
  // No session.
  ['no session', none, ['create', 'none', {}]],
  [
    'no session, and ids accepted',
    { ...none, pending: { ...ada, ...visit } },
    ['create', 'none', { ...ada, ...visit }],
  ],
  ['no session after a failure', { ...none, isFailing: true }, ['create', 'none']],
  ['no session, and a first customer', { ...none, pending: ada }, ['create', 'none', ada], rotate],
  // An id of this browser's choice.
  ['an id that this browser chose', chosen, ['associate', 'chosen', {}], byBrowser],
  ['a chosen id with ids', { ...chosen, pending: visit }, ['associate', 'chosen', visit], byBrowser],
  ['a chosen id with ids of earlier', { ...chosen, own: visit }, ['associate', 'chosen', visit], byBrowser],
  [
    'a chosen id and a first customer',
    { ...chosen, pending: ada },
    ['associate', 'rotate', ada],
    { ...byBrowser, ...rotate },
  ],
  [
    'a chosen id that is not written yet, and a customer',
    { standing: { is: 'chosen', id: 's1', isWritten: false }, pending: ada },
    ['associate', 'chosen', ada],
    { ...byBrowser, ...rotate },
  ],
  [
    'an id that was chosen for its customer',
    { ...chosen, stored: stored({ confirmedAt: 0, hasCustomer: true }), pending: ada },
    ['associate', 'chosen', ada],
    { ...byBrowser, ...rotate },
  ],
  [
    'an id that another tab chose for its customer',
    { ...foundForCustomer, doubt: true, question: { id: 's0', at: NOW } },
    undefined,
    byBrowser,
  ],
  ['the same where the app asks for it', { ...foundForCustomer, question }, ['retrieve', 'asked'], byBrowser],
  ['the same after a failure', { ...foundForCustomer, isFailing: true }, ['retrieve', 'failed'], byBrowser],
  [
    'an id beside the mark of another one, which has a customer',
    { ...found, stored: stored({ confirmedId: 's0', hasCustomer: true }), question },
    ['retrieve', 'asked', {}],
    byBrowser,
  ],
  // A stored session.
  ['a stored session that is fresh', found, undefined],
  ['a stored session that somebody asks for', { ...found, question }, ['retrieve', 'asked', {}]],
  [
    'a stored session that another tab confirmed since',
    { ...found, question: { id: 's1', at: NOW - 1 } },
    undefined,
  ],
  ['a session that came after the question', { ...found, question: { id: null, at: NOW } }, undefined],
  [
    'a session that came after the question, unconfirmed',
    { ...found, stored: stored({ confirmedAt: 0 }), question: { id: null, at: NOW } },
    ['retrieve', 'asked'],
  ],
  ['a stored session, and ids accepted', { ...found, pending: visit }, ['associate', 'pending', visit]],
  [
    'a stored session, and a customer whose it may not be',
    { ...found, identity },
    ['retrieve', 'identity', {}],
  ],
  [
    'a stored session, and a first customer',
    { ...found, pending: ada },
    ['retrieve', 'identity', {}],
    rotate,
  ],
  [
    'the same where the API fails to say',
    { ...found, pending: ada, isFailing: true },
    ['create', 'rotate', ada],
    rotate,
  ],
  [
    'a stored session that had a customer',
    { ...found, stored: stored({ hasCustomer: true }), pending: ada },
    ['associate', 'pending', ada],
    rotate,
  ],
  ['a stored session in doubt', { ...found, doubt: true }, ['retrieve', 'doubt']],
  // A confirmed session.
  ['a confirmed session', confirmed, undefined],
  [
    'a confirmed session, and ids accepted',
    { ...confirmed, pending: visit },
    ['associate', 'pending', visit],
  ],
  ['a confirmed session, and a customer', { ...confirmed, pending: ada }, ['associate', 'pending', ada]],
  [
    'a confirmed session, and a first customer',
    { ...confirmed, pending: ada, own: visit },
    ['create', 'rotate', { ...ada, ...visit }],
    rotate,
  ],
  [
    'the same where another tab has confirmed it since, perhaps with more ids',
    { ...confirmed, stored: stored({ confirmedAt: NOW + 1 }), pending: ada },
    ['retrieve', 'identity', {}],
    rotate,
  ],
  [
    'a confirmed session, and only a visit',
    { ...confirmed, pending: visit },
    ['associate', 'pending', visit],
    rotate,
  ],
  [
    'a confirmed session in doubt, and ids accepted',
    { ...confirmed, doubt: true, pending: visit },
    ['retrieve', 'doubt', {}],
  ],
  [
    'the same where the API fails to say',
    { ...confirmed, doubt: true, pending: visit, isFailing: true },
    ['associate', 'pending', visit],
  ],
  ['an awaited id that is gone from storage', { ...confirmed, waiting }, ['retrieve', 'doubt']],
  [
    'an awaited id that is still to be sent',
    { ...confirmed, waiting, pending: visit },
    ['associate', 'pending', visit],
  ],
  ['a session whose last request failed', { ...confirmed, isFailing: true }, ['retrieve', 'failed']],
  [
    'the same in a client that is not started',
    { ...confirmed, isFailing: true, isStarted: false },
    undefined,
  ],
  // A session that the API does not know.
  ['a session that is lost in mid-visit', lost('lost'), ['associate', 'lost', {}]],
  [
    'the same with all that is known',
    { ...lost('lost'), own: ada, pending: visit },
    ['associate', 'lost', { ...ada, ...visit }],
  ],
  ['a session that is lost at restore', lost('lost', false), ['create', 'lost', {}]],
  ['a session in place of which another one was answered', lost('replaced'), ['create', 'replaced']],
  [
    'a session that the API did not make again',
    { ...lost('refused'), pending: visit },
    ['create', 'refused', visit],
  ],
  [
    'a session that is lost in the moment of a sign-in',
    { ...lost('lost'), pending: ada },
    ['create', 'lost', ada],
    rotate,
  ],
]

test.each(TABLE)('%s', (_title, known, asked, options) => {
  const next = nextRequest(sessionWith(known, options))
  expect(next && [next.call, next.why]).toEqual(asked?.slice(0, 2))
  if (asked?.[2]) expect(next?.ids).toEqual(asked[2])
})

test('the table has at least forty rows, and every answer that there is', () => {
  expect(TABLE.length).toBeGreaterThanOrEqual(40)
  const whys = new Set(TABLE.map(([, , asked]) => asked?.[1]))
  expect([...whys].toSorted()).toEqual(
    [
      undefined,
      'asked',
      'chosen',
      'doubt',
      'failed',
      'identity',
      'lost',
      'none',
      'pending',
      'refused',
      'replaced',
      'rotate',
    ].toSorted(),
  )
})
