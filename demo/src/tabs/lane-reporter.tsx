import { SessionDevtools } from 'storefront-session/devtools'

/** Closed devtools that are not shown: they tell those of the laboratory what happens in this tab. */
export const LaneReporter = () => (
  <div hidden>
    <SessionDevtools />
  </div>
)
