'use server'

import { cookies } from 'next/headers'
import { currentSession } from '../lib/sessions'

// #region add
/** A server action is not sent by `client.fetch`; the cookie says which session it belongs to. */
export async function addToCart(sku: string): Promise<string> {
  const session = await currentSession()
  if (!session) return 'This visitor has no session yet'
  return `${sku} is in the cart of session ${session.sessionId}`
}
// #endregion add

export async function signIn(id: string) {
  ;(await cookies()).set('user', id, { httpOnly: true, sameSite: 'lax' }) // stands for your auth library
}

export async function signOut() {
  ;(await cookies()).delete('user')
}
