import { SessionDevtoolsPanel } from 'storefront-session/devtools'

/** The package's devtools, with a lane for each page of this browser that has the shop open. */
export const DevtoolsPlace = () => (
  <div className="devtools-place">
    <SessionDevtoolsPanel />
  </div>
)
