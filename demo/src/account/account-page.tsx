import { useState } from 'react'
import { useSession } from 'storefront-session'
import { announce } from '../shell/announcer.tsx'
import { focusTitle, View, ViewHeading } from '../shell/view.tsx'
import { useCustomer } from './customer.ts'

export function AccountPage() {
  const [customer, setCustomer] = useCustomer()
  const signIn = (name: string) => {
    setCustomer(name)
    announce(`Signed in as ${name}.`)
    focusTitle()
  }
  const signOut = () => {
    setCustomer(null)
    announce('Signed out. A new session has begun, and its cart is empty.')
    focusTitle()
  }
  return customer === null ? (
    <View title="Sign in" className="account-view">
      <ViewHeading>Sign in</ViewHeading>
      <p className="lead">Any name will do, and there is no password. Your cart comes along.</p>
      <SignInForm onSignIn={signIn} />
    </View>
  ) : (
    <View title="Your account" className="account-view">
      <ViewHeading>Hello, {customer}</ViewHeading>
      <SessionLine />
      <button type="button" className="primary" onClick={signOut}>
        Sign out
      </button>
    </View>
  )
}

/** What a customer id may be made of, as the API takes it. */
const FITS = /^[!-~]{1,256}$/

function SignInForm({ onSignIn }: { onSignIn: (name: string) => void }) {
  const [trouble, setTrouble] = useState('')
  const submit = (form: FormData) => {
    const name = String(form.get('customer') ?? '').trim()
    if (FITS.test(name)) return onSignIn(name)
    setTrouble(name ? 'Please use Latin letters, digits and signs, without spaces.' : 'Please give a name.')
    document.getElementById('customer')?.focus()
  }
  return (
    <form action={submit} className="sign-in">
      <label htmlFor="customer">Customer name or e-mail</label>
      <div className="row">
        <input
          id="customer"
          name="customer"
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={trouble !== ''}
          aria-describedby="customer-trouble"
        />
        <button type="submit" className="primary">
          Sign in
        </button>
      </div>
      <p id="customer-trouble" role="alert" className="trouble">
        {trouble}
      </p>
    </form>
  )
}

/** Whether the session knows the customer yet: the id is kept until the API has confirmed it. */
function SessionLine() {
  const { status, isAssociating, session } = useSession()
  const text =
    status === 'disabled'
      ? 'You are signed in to the shop. Without your consent, no session is kept.'
      : isAssociating || !session?.customerId
        ? 'You are signed in to the shop. Your session learns of it as soon as the API answers.'
        : 'Your session knows you, in every tab. What was in your cart came along.'
  return (
    <p className="lead" role="status">
      {text}
    </p>
  )
}
