/** Something that happened in a tab: a note of its client, reduced to the fields that devtools show. */
export interface LaneNote {
  /** Wall clock in milliseconds. */
  at: number
  type: string
  sessionId?: string | undefined
  fields?: readonly string[] | undefined
  method?: string | undefined
  path?: string | undefined
  reason?: string | undefined
  ms?: number | undefined
  waitedMs?: number | undefined
  code?: string | undefined
  nextTryAt?: number | undefined
}

/** The session of a tab, as it is now. */
export interface LaneHead {
  /** What a person knows the tab by: the title of its page or frame. */
  title: string
  path: string
  status: string
  sessionId: string | null
  /** When the request under way began, as a wall clock in milliseconds. */
  busySince: number | null
}

/** One tab of the timeline, with the notes from the oldest to the newest. */
export interface Lane extends LaneHead {
  tab: string
  name: string
  isOwn: boolean
  notes: readonly LaneNote[]
}

/** What devtools of different tabs tell each other. */
export type TabMessage =
  /** Wants the whole lane of each tab. */
  | { tab: string; says: 'ask' }
  /** Wants to know which tabs are still there. */
  | { tab: string; says: 'ping' }
  | { tab: string; says: 'leave' }
  | { tab: string; says: 'head'; head: LaneHead; notes?: readonly LaneNote[] | undefined }
  | { tab: string; says: 'note'; note: LaneNote }

export const NOTES_KEPT = 150
const LONGEST = 300

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.slice(0, LONGEST) : undefined
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** A note of any shape, from this page's client or from another tab; undefined where it tells no time or type. */
export function parseNote(value: unknown): LaneNote | undefined {
  if (!isObject(value)) return
  const at = numberOf(value.at)
  const type = textOf(value.type)
  if (at === undefined || !type) return
  return {
    at,
    type,
    sessionId: textOf(value.sessionId),
    fields: Array.isArray(value.fields) ? value.fields.flatMap((field) => textOf(field) ?? []) : undefined,
    method: textOf(value.method),
    path: textOf(value.path),
    reason: textOf(value.reason),
    ms: numberOf(value.ms),
    waitedMs: numberOf(value.waitedMs),
    code: textOf(value.code),
    nextTryAt: numberOf(value.nextTryAt),
  }
}

function parseHead(value: unknown): LaneHead | undefined {
  if (!isObject(value)) return
  return {
    title: textOf(value.title) ?? '',
    path: textOf(value.path) ?? '',
    status: textOf(value.status) ?? 'unknown',
    sessionId: textOf(value.sessionId) ?? null,
    busySince: numberOf(value.busySince) ?? null,
  }
}

/** A message of another tab. Any page of this origin can post here, so each field is looked at. */
export function parseMessage(value: unknown): TabMessage | undefined {
  if (!isObject(value)) return
  const tab = textOf(value.tab)
  if (!tab) return
  const { says } = value
  if (says === 'ask' || says === 'ping' || says === 'leave') return { tab, says }
  if (says === 'note') {
    const note = parseNote(value.note)
    return note && { tab, says, note }
  }
  const head = says === 'head' ? parseHead(value.head) : undefined
  if (!head) return
  const notes = Array.isArray(value.notes)
    ? value.notes.slice(-NOTES_KEPT).flatMap((note) => parseNote(note) ?? [])
    : undefined
  return { tab, says: 'head', head, notes }
}

/** After a sign-out nothing of the earlier visitor is shown. */
export const endsVisit = ({ type }: LaneNote): boolean => type === 'reset' || type === 'forgotten'
