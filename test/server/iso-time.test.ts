import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIsoTime } from '../../src/server/iso-time.ts'

const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

test('a time is written as Date writes it, whatever was written before', () => {
  const toIso = createIsoTime()
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LAST }), (ms) => {
      expect(toIso(ms)).toBe(new Date(ms).toISOString())
    }),
    { numRuns: 10_000 },
  )
})

test('a time of a clock that counts fractions of a millisecond is written without them', () => {
  const toIso = createIsoTime()
  fc.assert(
    fc.property(fc.double({ min: 0, max: LAST, noNaN: true }), (ms) => {
      expect(toIso(ms)).toBe(new Date(ms).toISOString())
    }),
  )
  expect(toIso(Date.UTC(2026, 0, 2) - 0.001)).toBe('2026-01-01T23:59:59.999Z')
})
