import { useState, useSyncExternalStore } from 'react'
import { useSession, useSessionClient } from 'storefront-session'
import { cutNetwork, subscribeToNetwork } from '../page/network.ts'
import { announce } from '../shell/announcer.tsx'
import { WEATHERS, type Weather } from '../weather.ts'
import { setWeather, useWeather } from './use-weather.ts'

/** What the laboratory can do to the frames: it decides for all of them. */
export interface Trouble {
  isStorageBlocked: boolean
  hasNoLocks: boolean
}

interface DeskProps {
  trouble: Trouble
  onTrouble: (trouble: Trouble) => void
  onBegin: () => void
}

const WORDS: Record<Weather, [name: string, effect: string]> = {
  normal: ['Normal', 'The session API answers.'],
  slow: ['Slow', 'Each answer of the API takes three seconds.'],
  down: ['Down', 'The API answers 503. The shop goes on.'],
  busy: ['429', 'The API asks to come back in three seconds.'],
  html: ['HTML', 'A proxy answers with a page of its own.'],
}

/** The switches. */
export const Desk = ({ trouble, onTrouble, onBegin }: DeskProps) => (
  <section className="desk" aria-label="Switches">
    <WeatherChoice />
    <fieldset className="switches">
      <legend>Make trouble</legend>
      <OfflineSwitch />
      <Switch
        name="Storage blocked"
        isOn={trouble.isStorageBlocked}
        onChange={(isStorageBlocked) => onTrouble({ ...trouble, isStorageBlocked })}
      />
      <Switch
        name="Locks absent"
        isOn={trouble.hasNoLocks}
        onChange={(hasNoLocks) => onTrouble({ ...trouble, hasNoLocks })}
      />
    </fieldset>
    <fieldset className="deeds">
      <legend>Provoke</legend>
      <LoseButton />
      <button type="button" onClick={onBegin}>
        Begin anew in all tabs
      </button>
    </fieldset>
  </section>
)

function WeatherChoice() {
  const weather = useWeather()
  const [isRefused, setRefused] = useState(false)
  return (
    <fieldset className="weather">
      <legend>API weather</legend>
      <div className="segments">
        {WEATHERS.map((option) => (
          <label key={option}>
            <input
              type="radio"
              name="weather"
              className="unseen"
              checked={weather === option}
              onChange={() => setRefused(!setWeather(option))}
            />
            <span>{WORDS[option][0]}</span>
          </label>
        ))}
      </div>
      <p role="status" className="effect">
        {isRefused ? 'This browser refuses cookies, and the weather is one.' : WORDS[weather][1]}
      </p>
    </fieldset>
  )
}

interface SwitchProps {
  name: string
  isOn: boolean
  onChange: (isOn: boolean) => void
}

const Switch = ({ name, isOn, onChange }: SwitchProps) => (
  <button type="button" role="switch" aria-checked={isOn} className="switch" onClick={() => onChange(!isOn)}>
    <span aria-hidden="true" className="knob" />
    {name}
  </button>
)

function OfflineSwitch() {
  const isOffline = useSyncExternalStore(subscribeToNetwork, () => !navigator.onLine)
  return <Switch name="Offline" isOn={isOffline} onChange={cutNetwork} />
}

/** The server forgets the session; then a storefront request of this page finds out. */
function LoseButton() {
  const client = useSessionClient()
  const sessionId = useSession((session) => session.sessionId)
  const lose = async () => {
    if (!sessionId) return announce('There is no session to lose. Accept first.')
    try {
      await client.fetch(`/demo/lose?sessionId=${sessionId}`, { method: 'POST' })
      announce('The server has forgotten the session. The next request finds out.')
      await client.fetch('/api/cart')
    } catch {
      announce('The server is out of reach.')
    }
  }
  return (
    <button type="button" onClick={() => void lose()}>
      Lose the session
    </button>
  )
}
