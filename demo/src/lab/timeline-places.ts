import type { Note } from '../tabs/tab-notes.ts'

export const SPAN_MS = 20_000
/** What a bar shows at least, and what its words take, as parts of the span. */
const WORDS_PART = 0.3
const ROWS = 3

/** Where a note stands in its lane; `left` and `width` in per cent. */
export interface Placed {
  note: Note
  left: number
  width: number
  /** From the top; words of one row do not overlap while there are rows left. */
  row: number
}

/** Places the notes of one lane, the oldest first. */
export function placeNotes(notes: readonly Note[], now: number): Placed[] {
  const begin = now - SPAN_MS
  const free: number[] = Array.from({ length: ROWS }, () => Number.NEGATIVE_INFINITY)
  return notes.map((note) => {
    const from = Math.max(note.at, begin)
    const until = note.kind === 'event' ? from : (note.until ?? now)
    const at = free.findIndex((end) => end <= note.at)
    const row = at < 0 ? free.indexOf(Math.min(...free)) : at
    free[row] = Math.max(until, note.at + SPAN_MS * WORDS_PART)
    return {
      note,
      left: ((from - begin) / SPAN_MS) * 100,
      width: (Math.max(until - from, 0) / SPAN_MS) * 100,
      row,
    }
  })
}
