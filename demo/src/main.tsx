import './style/fonts.css'
import './style/tokens.css'
import './style/base.css'
import './style/shell.css'
import './style/shop.css'
import { readFrameOrder } from './page/frame.ts'
import { applyHandicaps } from './page/handicaps.ts'
import { installNetworkSwitch } from './page/network.ts'

applyHandicaps()
installNetworkSwitch()
if (readFrameOrder()) document.documentElement.classList.add('in-frame')

/** Lets the browser do something else: a slow phone gets the start in small pieces of work. */
const pause = () => new Promise((resolve) => setTimeout(resolve))

async function start(): Promise<void> {
  const app = import('./app.tsx')
  const [{ StrictMode, startTransition }, { createRoot }] = await Promise.all([
    import('react'),
    import('react-dom/client'),
  ])
  await pause()
  const { App } = await app
  await pause()
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  )
}
void start()
