import { useAssociate, useSession } from 'storefront-session'
import { useStoredValue } from '../stored-value.ts'

/** The customer id that the visitor typed is declared to the session; signing out takes it away. */
export function SignInForm() {
  const [customerId, setCustomerId] = useStoredValue('demo-customer')
  useAssociate({ customerId: customerId ?? undefined })
  const isAssociating = useSession((session) => session.isAssociating)

  const signIn = (form: FormData) => {
    const typed = String(form.get('customerId') ?? '').trim()
    if (typed) setCustomerId(typed)
  }
  return (
    <div className="account">
      {customerId === null ? (
        <form action={signIn}>
          <label htmlFor="customer-id" className="unseen">
            Customer id
          </label>
          <input
            id="customer-id"
            name="customerId"
            placeholder="Customer id"
            pattern="[!-~]{1,256}"
            required
          />
          <button type="submit">Sign in</button>
        </form>
      ) : (
        <>
          <span>Hello, {customerId}</span>
          <button type="button" onClick={() => setCustomerId(null)}>
            Sign out
          </button>
        </>
      )}
      <span role="status" className="unseen">
        {isAssociating ? 'Signing in…' : ''}
      </span>
    </div>
  )
}
