import './lab.css'
import './promises.css'
import { useState } from 'react'
import { View, ViewHeading } from '../shell/view.tsx'
import { Desk } from './desk.tsx'
import { DevtoolsPlace } from './devtools-place.tsx'
import { Promises } from './promises.tsx'
import { ServerPanel } from './server-panel.tsx'
import { Stage } from './stage.tsx'
import { useBeginning } from './use-beginning.ts'

/** The shop in several tabs, with everything that can go wrong, and what the session does about it. */
export function Laboratory() {
  const [trouble, setTrouble] = useState({ isStorageBlocked: false, hasNoLocks: false })
  const { round, begin } = useBeginning()
  return (
    <View title="Laboratory" className="laboratory">
      <div className="lab-head">
        <ViewHeading>The laboratory</ViewHeading>
        <p className="lead">
          One visitor, several tabs, one session. Put something into a cart, sign in, then make trouble.
        </p>
      </div>
      <Desk trouble={trouble} onTrouble={setTrouble} onBegin={begin} />
      <div className="bench">
        <Stage trouble={trouble} round={round} />
        <DevtoolsPlace />
      </div>
      <ServerPanel />
      <Promises />
    </View>
  )
}
