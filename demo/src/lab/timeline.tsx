import { useEffect, useState } from 'react'
import type { Note } from '../tabs/tab-notes.ts'
import { useLabRecord } from './lab-record.ts'
import { NOW_AT, type Placed, placeNotes, SPAN_MS } from './timeline-places.ts'

const TICK_MS = 200
const SECONDS = [0, 5, 10, 15, 20]

/** Requests as bars and events as marks, one lane a tab, over the last seconds. */
export function Timeline() {
  const { tabs, notes, nameOf } = useLabRecord()
  const now = useNow(notes)
  const recent = notes.filter((note) => endOf(note, now) > now - SPAN_MS)
  // By name: a frame that was loaded anew goes on in its lane.
  const lanes = [...new Set([...tabs.map(({ name }) => name), ...recent.map(({ tab }) => nameOf(tab))])]
  return (
    <figure className="timeline" aria-label="Timeline">
      <figcaption>
        <span>Timeline</span>
        <Legend />
      </figcaption>
      <div className="axis" aria-hidden="true">
        <span className="lane-name" />
        <div className="track">
          {SECONDS.map((second) => (
            <span key={second} style={{ left: `${NOW_AT - (second * 1_000 * NOW_AT) / SPAN_MS}%` }}>
              {second ? `−${second} s` : 'now'}
            </span>
          ))}
        </div>
      </div>
      <div className="lanes">
        {lanes.map((lane) => (
          <div className="lane" key={lane}>
            <span className="lane-name">{lane}</span>
            <div className="track">
              {placeNotes(
                recent.filter(({ tab }) => nameOf(tab) === lane),
                now,
              ).map((placed) => (
                <Item key={placed.note.key} placed={placed} />
              ))}
            </div>
          </div>
        ))}
      </div>
    </figure>
  )
}

const Legend = () => (
  <ul className="legend" aria-label="What the colours mean">
    <li className="call">session API</li>
    <li className="carried">with the id</li>
    <li className="without">without it</li>
    <li className="event">event</li>
  </ul>
)

function Item({ placed: { note, left, width, row, hasWords } }: { placed: Placed }) {
  const style = { '--left': left, '--row': row, '--width': width } as React.CSSProperties // own properties
  if (note.kind === 'event')
    return (
      <span className="mark" style={style}>
        {hasWords && note.type}
      </span>
    )
  const kind = note.isCall ? 'call' : note.carried ? 'carried' : 'without'
  const isBad = note.outcome === 'failed' || (typeof note.outcome === 'number' && note.outcome >= 400)
  return (
    <span className={`bar ${kind}`} data-bad={isBad} data-open={note.until === undefined} style={style}>
      {hasWords && `${note.method} ${note.path} ${note.outcome ?? '…'}`}
    </span>
  )
}

const endOf = (note: Note, now: number) => (note.kind === 'event' ? note.at : (note.until ?? now))

/** The clock runs while something is to be seen; for a visitor who wants less motion, only when something happens. */
function useNow(notes: readonly Note[]): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const tick = () => setNow(Date.now())
    tick()
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const timer = setInterval(() => {
      const last = notes.at(-1)
      if (last && endOf(last, Date.now()) > Date.now() - SPAN_MS - TICK_MS * 2) tick()
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [notes])
  return now
}
