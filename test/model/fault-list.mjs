/**
 * Deliberate faults of the client: what somebody might break while changing it. `find` is there exactly once in its
 * file. The first eight are those that the kernel was first tried with; the others came with version 2.
 */
export const FAULTS = [
  {
    name: 'no-lock',
    what: 'tabs do not wait for each other',
    changes: [
      {
        file: 'src/core/tab-lock.ts',
        find: 'if (!locks) return withoutLock()',
        replace: 'if (locks !== null) return withoutLock()',
      },
    ],
  },
  {
    name: 'pending-not-merged',
    what: 'an id that is accepted takes the place of those that wait already',
    changes: [
      {
        file: 'src/core/associations.ts',
        find: 'session.pending = { ...session.pending, ...ids }\n',
        replace: 'session.pending = { ...ids }\n',
      },
    ],
  },
  {
    name: 'answer-after-reset',
    what: 'an answer that comes after the session was left is believed',
    changes: [
      {
        file: 'src/core/exchange.ts',
        find: 'if (record.lifetime === lifetime && isCurrent) transition(record)',
        replace: 'if (isCurrent || record) transition(record)',
      },
      {
        file: 'src/core/exchange.ts',
        find: 'signal: lifetime.signal,',
        replace: 'signal: new AbortController().signal,',
      },
    ],
  },
  {
    name: 'no-flush',
    what: 'a page that goes away does not send what waits',
    changes: [{ file: 'src/core/page-life.ts', find: '          flush(session)\n', replace: '' }],
  },
  {
    name: 'no-second-look',
    what: 'storage is not read again after the wait for the lock',
    changes: [
      {
        file: 'src/core/session-requests.ts',
        find: '  turn(session, (record) => looked(record, true))\n  if (session.lifetime !== lifetime) throw wasLeft()',
        replace: '  if (session.lifetime !== lifetime) throw wasLeft()',
      },
      {
        file: 'src/core/session-requests.ts',
        find: '      turn(session, (record) => looked(record, true))\n      let next',
        replace: '      let next',
      },
    ],
  },
  {
    name: 'unlearned-is-the-same',
    what: 'the customer of a session who was never learned counts as the same as the next one',
    changes: [
      {
        file: 'src/core/departure.ts',
        find: "  if (session.customer === 'unknown') session.customer = 'unlearned'\n",
        replace: '',
      },
    ],
  },
  {
    name: 'id-before-generation',
    what: 'reset() removes the id before it writes the generation',
    changes: [
      {
        file: 'src/core/stored-session.ts',
        find: "  persistence.write(':at', generation)\n  persistence.write('', null)\n",
        replace: "  persistence.write('', null)\n  persistence.write(':at', generation)\n",
      },
    ],
  },
  {
    name: 'events-in-the-middle',
    what: 'events are told in the middle of a turn',
    changes: [
      {
        file: 'src/core/session.ts',
        find: 'void session.outbox.events.push(event)',
        replace: 'session.events.emit(event)',
      },
      {
        file: 'src/core/departure.ts',
        find: "tell(session, { type: 'reset', sessionId: id })",
        replace: "session.events.emit({ type: 'reset', sessionId: id })",
      },
    ],
  },
  {
    name: 'no-budget',
    what: 'a session that never stays the same is asked for without end',
    changes: [
      {
        file: 'src/core/back-off.ts',
        find: 'if (spent.length < BUDGET) return false',
        replace: 'if (spent) return false',
      },
    ],
  },
  {
    name: 'stale-answers',
    what: 'an answer to what was asked before a sleep is believed',
    changes: [
      {
        file: 'src/core/lifecycle.ts',
        find: '  rested(session)\n  session.isActive = true\n',
        replace: '  session.isActive = true\n',
      },
    ],
  },
  {
    name: 'sleeps-through-sign-outs',
    what: 'another id that is found after a sleep counts as the same visitor’s',
    changes: [
      {
        file: 'src/core/looks.ts',
        find: '(hasSlept && (before ?',
        replace: '(false && (before ?',
      },
    ],
  },
  {
    name: 'id-without-a-look',
    what: 'a request of the storefront gets the id that is known, whatever storage says',
    changes: [
      {
        file: 'src/core/session-fetch.ts',
        find: "if (id && phaseOf(session) === 'open' && persistence.read('') === id) return id",
        replace: 'if (id && phaseOf(session) && persistence) return id',
      },
    ],
  },
  {
    name: 'signs-in-unasked',
    what: 'a customer is tied to a stored session before the server has told whose that is',
    changes: [
      {
        file: 'src/core/identity.ts',
        find: "const isUnclear = is === 'stored' || (is === 'confirmed' && isIncomplete)",
        replace: 'const isUnclear = false',
      },
    ],
  },
]
