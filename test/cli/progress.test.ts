import { describe, expect, test } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'

function start(isTTY: boolean, total?: number) {
  let time = 0
  let written = ''
  const output = {
    isTTY,
    write: (text: string) => {
      written += text
    },
  }
  const progress = createProgress('sessions read', total, output, () => time)
  return {
    progress,
    written: () => written,
    at: (ms: number, done: number) => {
      time = ms
      progress.show(done)
    },
  }
}

describe('the progress of a long scan', () => {
  test('a terminal shows a bar after half a second, redraws it ten times a second, and loses it at the end', () => {
    const { at, written, progress } = start(true, 2_000_000)
    at(499, 1)
    expect(written()).toBe('')
    at(500, 1_000_000)
    const half = `\r\x1b[K[${'#'.repeat(15)}${'.'.repeat(15)}]  50 %  1,000,000 sessions read`
    expect(written()).toBe(half)
    at(599, 1_100_000)
    expect(written()).toBe(half)
    at(600, 3_000_000)
    expect(written()).toBe(`${half}\r\x1b[K[${'#'.repeat(30)}] 100 %  3,000,000 sessions read`)
    progress.end()
    expect(written().endsWith('read\r\x1b[K')).toBe(true)
  })

  test('a short scan draws nothing', () => {
    const { at, written, progress } = start(true, 100)
    at(100, 100)
    progress.end()
    expect(written()).toBe('')
  })

  test('a terminal shows a count where the total is unknown', () => {
    const { at, written } = start(true)
    at(500, 1_234)
    expect(written()).toBe('\r\x1b[K1,234 sessions read')
  })

  test('a log gets a line every ten seconds', () => {
    const { at, written, progress } = start(false, 1_000)
    at(9_999, 100)
    at(10_000, 250)
    at(19_999, 300)
    at(20_000, 500)
    progress.end()
    expect(written().split('\n')).toEqual([
      expect.stringMatching(/^\[#{8}\.{22}\] {2}25 % {2}250 sessions read$/),
      expect.stringMatching(/^\[#{15}\.{15}\] {2}50 % {2}500 sessions read$/),
      '',
    ])
  })
})
