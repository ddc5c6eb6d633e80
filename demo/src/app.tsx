import { useCallback, useState } from 'react'
import { SignInForm } from './account/sign-in-form.tsx'
import { ConsentSwitch } from './consent/consent-switch.tsx'
import { HelpSearch } from './help/help-search.tsx'
import { SessionPanel } from './lab/session-panel.tsx'
import { ShopSession } from './session.tsx'
import { Shop } from './shop/shop.tsx'
import { useStoredValue } from './stored-value.ts'

export function App() {
  const [refusal, setRefusal] = useStoredValue('demo-consent-refused')
  const [panelOpen, setPanelOpen] = useState(false)
  const closePanel = useCallback(() => setPanelOpen(false), [])
  const consent = refusal === null
  return (
    <ShopSession consent={consent}>
      <a className="skip" href="#products">
        Skip to products
      </a>
      <header className="top">
        <a className="brand" href="/">
          Halfnote
        </a>
        <SignInForm />
        <button type="button" aria-expanded={panelOpen} onClick={() => setPanelOpen(!panelOpen)}>
          Session
        </button>
      </header>
      <main>
        <section className="hero">
          <h1>Good objects for the hours at the desk.</h1>
          <p>Six things, made to be used daily and mended for ten years.</p>
        </section>
        <Shop />
        <HelpSearch />
      </main>
      <footer>
        <ConsentSwitch consent={consent} onChange={(next) => setRefusal(next ? null : 'yes')} />
      </footer>
      {panelOpen && <SessionPanel onClose={closePanel} />}
    </ShopSession>
  )
}
