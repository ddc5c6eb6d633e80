import { endsVisit, type Lane, type LaneHead, type LaneNote, NOTES_KEPT } from './lane.ts'

/** The lanes of the timeline: this tab's first, then those of other tabs in the order of their coming. */
export interface LaneStore {
  lanes(): readonly Lane[]
  own(): Lane
  addNote(tab: string, note: LaneNote): void
  /** Another tab tells its state, and maybe all its notes. */
  setHead(tab: string, head: LaneHead, notes?: readonly LaneNote[]): void
  remove(tab: string): void
}

const MOST_TABS = 16

export function createLaneStore(tab: string, head: LaneHead, changed: () => void): LaneStore {
  let own: Lane = { ...head, tab, name: 'this tab', isOwn: true, notes: [] }
  let others: readonly Lane[] = []
  let lanes: readonly Lane[] = [own]
  let count = 1
  /** Older notes of other tabs are of an earlier visitor. */
  let leftAt = 0

  const change = () => {
    lanes = [own, ...others]
    changed()
  }
  const replace = (lane: Lane) => {
    if (lane.isOwn) own = lane
    else others = others.map((other) => (other.tab === lane.tab ? lane : other))
    change()
  }
  const find = (id: string) => (id === tab ? own : others.find((lane) => lane.tab === id))
  const isCurrent = ({ at }: LaneNote) => at >= leftAt

  return {
    lanes: () => lanes,
    own: () => own,
    addNote(id, note) {
      if (id === tab && endsVisit(note)) {
        leftAt = note.at
        others = others.map((lane) => ({ ...lane, notes: lane.notes.filter(isCurrent) }))
      }
      const lane = find(id)
      if (!lane || !(lane.isOwn || isCurrent(note))) return
      const notes = endsVisit(note) ? [note] : [...lane.notes, note].slice(-NOTES_KEPT)
      replace({ ...lane, notes })
    },
    setHead(id, head, notes) {
      const lane = find(id)
      const current = notes?.filter(isCurrent)
      if (lane) return replace({ ...lane, ...head, notes: current ?? lane.notes })
      if (others.length >= MOST_TABS) return
      count += 1
      others = [...others, { ...head, tab: id, name: `tab ${count}`, isOwn: false, notes: current ?? [] }]
      change()
    },
    remove(id) {
      if (id === tab || !find(id)) return
      others = others.filter((lane) => lane.tab !== id)
      change()
    },
  }
}
