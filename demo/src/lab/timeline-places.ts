import type { Note } from '../tabs/tab-notes.ts'

export const SPAN_MS = 20_000
/** Where "now" stands, in per cent of the lane: behind it there is room for the words of what has just begun. */
export const NOW_AT = 72
/** What the words of a note take, as a part of the span. */
const WORDS_PART = 0.42
const ROWS = 4

/** Where a note stands in its lane; `left` and `width` in per cent. */
export interface Placed {
  note: Note
  left: number
  width: number
  /** From the top. */
  row: number
  /** False where the words would stand in another's. */
  hasWords: boolean
}

/** Places the notes of one lane, the oldest first. */
export function placeNotes(notes: readonly Note[], now: number): Placed[] {
  const begin = now - SPAN_MS
  const partOf = (ms: number) => (ms / SPAN_MS) * NOW_AT
  const free: number[] = Array.from({ length: ROWS }, () => Number.NEGATIVE_INFINITY)
  return notes.map((note) => {
    const from = Math.max(note.at, begin)
    const until = note.kind === 'event' ? from : (note.until ?? now)
    const at = free.findIndex((end) => end <= note.at)
    const row = at < 0 ? free.indexOf(Math.min(...free)) : at
    if (at >= 0) free[row] = Math.max(until, note.at + SPAN_MS * WORDS_PART)
    return {
      note,
      left: partOf(from - begin),
      width: partOf(Math.max(until - from, 0)),
      row,
      hasWords: at >= 0,
    }
  })
}
