import { useRef, useState } from 'react'
import { frameName } from '../page/frame.ts'
import type { TabReport } from '../tabs/tab-report.ts'
import type { Trouble } from './desk.tsx'
import { useTabReports } from './use-tab-reports.ts'

const MOST = 4
const LABELS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

interface StageProps {
  trouble: Trouble
  /** Another number is another beginning: the frames are made anew, together. */
  round: number
}

/** The shop, in several tabs at once. */
export function Stage({ trouble, round }: StageProps) {
  const [labels, setLabels] = useState(['A', 'B'])
  const tabs = useTabReports()
  const list = useRef<HTMLUListElement>(null)
  const open = () => {
    const last = labels.at(-1) ?? 'A'
    const next = LABELS[(LABELS.indexOf(last) + 1) % LABELS.length] ?? 'A'
    if (labels.length < MOST) setLabels([...labels, next])
  }
  const takeAway = (label: string) => {
    setLabels(labels.filter((other) => other !== label))
    list.current?.focus()
  }
  return (
    <section className="stage" aria-label="The shop in several tabs">
      <ul ref={list} tabIndex={-1}>
        {labels.map((label) => {
          const name = frameName({ label, ...trouble })
          return (
            <Frame
              key={`${name} ${round}`}
              name={name}
              label={label}
              tab={tabs.find((tab) => tab.label === label)}
              onTakeAway={labels.length > 1 ? () => takeAway(label) : undefined}
            />
          )
        })}
      </ul>
      <button type="button" className="more" aria-disabled={labels.length >= MOST} onClick={open}>
        <span aria-hidden="true">+</span> One more tab
      </button>
    </section>
  )
}

interface FrameProps {
  name: string
  label: string
  tab: TabReport | undefined
  onTakeAway: (() => void) | undefined
}

function Frame({ name, label, tab, onTakeAway }: FrameProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  return (
    <li className="frame" data-status={tab?.status}>
      <div className="frame-bar">
        <strong>Tab {label}</strong>
        <span className="address">{tab?.path ?? '/'}</span>
        <button
          type="button"
          className="small"
          aria-label={`Reload tab ${label}`}
          onClick={() => frame.current?.contentWindow?.location.reload()}
        >
          <span aria-hidden="true">↻</span>
        </button>
        {onTakeAway && (
          <button type="button" className="small" aria-label={`Take tab ${label} away`} onClick={onTakeAway}>
            <span aria-hidden="true">×</span>
          </button>
        )}
      </div>
      <iframe ref={frame} name={name} title={`Tab ${label} of the shop`} src="/" />
      <p className="frame-state">
        <span className={`dot ${tab?.status ?? ''}`} aria-hidden="true" /> {describe(tab)}
      </p>
    </li>
  )
}

function describe(tab: TabReport | undefined): string {
  if (!tab) return 'Opening …'
  const { status, mask, persistence, isAssociating, error } = tab
  if (status === 'disabled') return 'No consent: nothing is kept'
  if (!mask) return error ? `No session: ${error}. The shop goes on` : 'Waiting for a session'
  const customer = isAssociating ? ', customer pending' : ''
  return `${mask}, kept in ${persistence}${customer}${error ? `, ${error}` : ''}`
}
