import { useSession } from 'storefront-session'

export function ConsentSwitch({ consent, onChange }: { consent: boolean; onChange: (on: boolean) => void }) {
  const forget = useSession((session) => session.forget)
  const change = () => {
    if (consent) forget()
    onChange(!consent)
  }
  return (
    <button type="button" role="switch" aria-checked={consent} className="switch" onClick={change}>
      <span aria-hidden="true" className="knob" />
      Remember my session in this browser
    </button>
  )
}
