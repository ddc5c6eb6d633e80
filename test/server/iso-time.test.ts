import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIsoTime } from '../../src/server/iso-time.ts'

test('a time is written as Date writes it, whatever was written before', () => {
  const toIso = createIsoTime()
  const time = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) })
  fc.assert(
    fc.property(time, (ms) => {
      expect(toIso(ms)).toBe(new Date(ms).toISOString())
    }),
    { numRuns: 10_000 },
  )
})
