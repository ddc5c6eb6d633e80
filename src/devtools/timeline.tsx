import { useRef, useState } from 'react'
import type { Lane } from './lane.ts'
import { type Mark, NOW_AT, placeNotes, ROWS, SPANS, type Span } from './time-axis.ts'
import { useClock } from './use-clock.ts'

const ROW_PX = 17
const HEAD_PX = 17
const AXIS_PX = 16
const LANE_PX = HEAD_PX + ROWS * ROW_PX + 4
const TICKS = 4
const TICK_MS = 250

/** Requests as bars, events as marks, waits as pale bars: one lane a tab. */
export function Timeline({ lanes }: { lanes: readonly Lane[] }) {
  const figure = useRef<HTMLElement>(null)
  const [span, setSpan] = useState<Span>('20 s')
  const spanMs = SPANS[span]
  const [isMoving, setIsMoving] = useState(true)
  const clock = useClock(figure, TICK_MS, isMoving)
  const latest = latestOf(lanes)
  // A note may be newer than the last tick.
  const now = Math.max(clock, latest)
  const isSomethingDrawn = lanes.some(({ busySince }) => busySince !== null) || now - latest < spanMs
  if (isMoving !== isSomethingDrawn) setIsMoving(isSomethingDrawn)
  const height = AXIS_PX + Math.max(lanes.length, 1) * LANE_PX
  return (
    <figure ref={figure} aria-label="Timeline">
      <figcaption>
        <h2>Timeline</h2>
        <label>
          Span{' '}
          <select value={span} onChange={(event) => setSpan(event.target.value as Span)}>
            {Object.keys(SPANS).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <Legend />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className="lanes" tabIndex={0}>
        <svg width="100%" height={height} role="img" aria-label={describe(lanes)}>
          <Axis spanMs={spanMs} height={height} />
          {lanes.map((lane, index) => (
            <g key={lane.tab}>
              <line x1="0" x2="100%" y1={AXIS_PX + index * LANE_PX} y2={AXIS_PX + index * LANE_PX} />
              <text className="name" x="2" y={AXIS_PX + index * LANE_PX + 13}>
                {lane.name} · {lane.path}
              </text>
              {placeNotes(lane, now, spanMs).map((mark) => (
                <Drawn key={mark.key} mark={mark} top={AXIS_PX + index * LANE_PX + HEAD_PX} />
              ))}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  )
}

const LEGEND = {
  call: 'session API',
  attached: 'with the id',
  unattached: 'without it',
  event: 'event',
  wait: 'waiting for lock or next try',
}

const Legend = () => (
  <ul aria-label="What the colours mean">
    {Object.entries(LEGEND).map(([kind, words]) => (
      <li key={kind} className={kind}>
        <span className="swatch" />
        {words}
      </li>
    ))}
  </ul>
)

function Axis({ spanMs, height }: { spanMs: number; height: number }) {
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => index / TICKS)
  return (
    <g className="axis">
      {ticks.map((part) => {
        const x = `${NOW_AT * (1 - part)}%`
        const seconds = Math.round((spanMs * part) / 1_000)
        return (
          <g key={part}>
            <line x1={x} x2={x} y1={AXIS_PX} y2={height} />
            <text x={x} y="11" textAnchor={part === 1 ? 'start' : 'middle'}>
              {part === 0 ? 'now' : seconds < 120 ? `−${seconds} s` : `−${seconds / 60} min`}
            </text>
          </g>
        )
      })}
    </g>
  )
}

function Drawn({ mark, top }: { mark: Mark; top: number }) {
  const { kind, isBad, isOpen, left, width, lockWidth, pauseWidth, row, words, hasWords, title } = mark
  const y = top + row * ROW_PX
  return (
    <g className={`${kind}${isBad ? ' bad' : ''}${isOpen ? ' open' : ''}`}>
      <title>{title}</title>
      {lockWidth > 0 && (
        <rect className="wait" x={`${left - lockWidth}%`} y={y + 11} width={`${lockWidth}%`} height="4" />
      )}
      {pauseWidth > 0 && (
        <rect className="wait" x={`${left + width}%`} y={y + 11} width={`${pauseWidth}%`} height="4" />
      )}
      {kind === 'event' ? (
        <svg x={`${left}%`} y={y + 1} width="12" height="14" overflow="visible" aria-hidden="true">
          <path d="M0 7 L5 2 L10 7 L5 12 Z" />
        </svg>
      ) : (
        // Wide enough to be seen, also where the request took no time.
        <>
          <rect className="bar" x={`${left}%`} y={y + 11} width="3" height="4" />
          <rect className="bar" x={`${left}%`} y={y + 11} width={`${width}%`} height="4" />
        </>
      )}
      {hasWords && (
        <svg x={`${left}%`} y={y} width="1" height="14" overflow="visible" aria-hidden="true">
          <text x={kind === 'event' ? 13 : 0} y="10">
            {words}
          </text>
        </svg>
      )}
    </g>
  )
}

const latestOf = (lanes: readonly Lane[]): number =>
  lanes.reduce((latest, { notes }) => Math.max(latest, notes.at(-1)?.at ?? 0), 0)

/** The drawing in words: the lists below it tell the rest. */
function describe(lanes: readonly Lane[]): string {
  const lines = lanes.map(({ name, notes }) => {
    const requests = notes.filter(({ type }) => ['called', 'attached', 'unattached'].includes(type)).length
    return `${name}: ${requests} requests and ${notes.length - requests} events`
  })
  return lines.join('; ') || 'Nothing happened yet'
}
