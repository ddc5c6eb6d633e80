import './style/fonts.css'
import './style/tokens.css'
import './style/base.css'
import './style/shell.css'
import './style/shop.css'
import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { applyHandicaps } from './page/handicaps.ts'
import { installNetworkSwitch } from './page/network.ts'
import { linkTab } from './tabs/tab-link.ts'

applyHandicaps()
installNetworkSwitch()
linkTab()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// As a transition, so that a slow phone gets its first view in small pieces of work.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
)
