import type { Lane, LaneNote } from './lane.ts'

/** How many milliseconds the timeline shows. */
export const SPANS = { '20 s': 20_000, '2 min': 120_000, '10 min': 600_000 } as const
export type Span = keyof typeof SPANS

/** Where "now" stands, in per cent: behind it there is room for waits to come and for words. */
export const NOW_AT = 78
export const ROWS = 3
/** What the words of a mark take, in per cent. */
const WORDS = 24

/** Something drawn in a lane; places in per cent of its width. */
export interface Mark {
  key: string
  kind: 'call' | 'attached' | 'unattached' | 'event'
  isBad: boolean
  isOpen: boolean
  left: number
  /** Of the request itself; 0 for what has no known length. */
  width: number
  /** Before the request: the wait for the tab lock. */
  lockWidth: number
  /** After the request: the wait for the next try. */
  pauseWidth: number
  /** From the top. */
  row: number
  words: string
  /** False where the words would stand in another mark's. */
  hasWords: boolean
  /** The whole story, for hovering and for a list. */
  title: string
}

const API_PATHS: Record<string, string> = { PUT: '/sessions/new' }

/** The request of a note, without origin and id. */
export const requestOf = ({ type, method = '', path }: LaneNote): string =>
  `${method} ${type === 'called' ? (API_PATHS[method] ?? '/sessions/{id}') : (path ?? '')}`

export function titleOf(note: LaneNote): string {
  const { type, ms = 0, waitedMs, code, reason, fields } = note
  if (type === 'attached') return `${requestOf(note)}, with the id`
  if (type === 'unattached') return `${requestOf(note)}, without the id: ${reason}`
  if (type !== 'called') return fields?.length ? `${type}: ${fields.join(', ')}` : type
  const wait = waitedMs ? `, after ${Math.round(waitedMs)} ms of waiting for the tab lock` : ''
  return `${requestOf(note)}, ${code ?? 'answered'} in ${Math.round(ms)} ms${wait}`
}

const KINDS: Record<string, Mark['kind']> = {
  called: 'call',
  attached: 'attached',
  unattached: 'unattached',
}

/** When a mark begins and ends, as wall clocks. */
function timesOf({ type, at, ms = 0, waitedMs = 0, nextTryAt }: LaneNote) {
  const sentAt = type === 'called' ? at - ms : at
  return {
    begin: sentAt - (type === 'called' ? waitedMs : 0),
    sentAt,
    endedAt: at,
    resumesAt: nextTryAt ?? at,
  }
}

/** Places the notes of one lane in time; what happened at one time stands in different rows. */
export function placeNotes({ notes, busySince }: Lane, now: number, spanMs: number): Mark[] {
  const begin = now - spanMs
  const placeOf = (at: number) => Math.min(Math.max(((at - begin) / spanMs) * NOW_AT, 0), 100)
  const widthOf = (from: number, to: number) => Math.max(placeOf(to) - placeOf(from), 0)
  const free: number[] = Array.from({ length: ROWS }, () => Number.NEGATIVE_INFINITY)
  const takeRow = (left: number, right: number) => {
    const found = free.findIndex((end) => end <= left)
    const row = found < 0 ? free.indexOf(Math.min(...free)) : found
    free[row] = Math.max(free[row] ?? 0, right, found < 0 ? 0 : left + WORDS)
    return { row, hasWords: found >= 0 }
  }
  const marks = notes
    .map((note, index) => ({ note, index, ...timesOf(note) }))
    .filter(({ endedAt, resumesAt }) => Math.max(endedAt, resumesAt) > begin && endedAt <= now + spanMs)
    .sort((one, other) => one.begin - other.begin)
    .map(({ note, index, begin, sentAt, endedAt, resumesAt }): Mark => {
      const kind = KINDS[note.type] ?? 'event'
      return {
        key: `${note.at} ${note.type} ${index}`,
        kind,
        isBad: !!note.code || note.type === 'lost' || note.type === 'association-failed',
        isOpen: false,
        left: placeOf(sentAt),
        width: widthOf(sentAt, endedAt),
        lockWidth: widthOf(begin, sentAt),
        pauseWidth: widthOf(endedAt, resumesAt),
        words: kind === 'event' ? note.type : `${requestOf(note)}${note.code ? ` ${note.code}` : ''}`,
        title: titleOf(note),
        ...takeRow(placeOf(begin), placeOf(Math.max(endedAt, resumesAt))),
      }
    })
  if (busySince === null) return marks
  const open: Mark = {
    key: 'open',
    kind: 'call',
    isBad: false,
    isOpen: true,
    left: placeOf(busySince),
    width: widthOf(busySince, now),
    lockWidth: 0,
    pauseWidth: 0,
    words: 'under way …',
    title: 'The session is asked for, or ids are on their way',
    ...takeRow(placeOf(busySince), NOW_AT),
  }
  return [...marks, open]
}
