import type { ReactNode } from 'react'
import { configureAuth } from 'react-query-auth'
import { useAssociate } from 'storefront-session'

export const { useUser, useLogin, useLogout } = configureAuth({
  userFn: async (): Promise<{ id: string } | null> => (await fetch('/auth/me')).json(),
  loginFn: async (form: FormData) => (await fetch('/auth/login', { method: 'POST', body: form })).json(),
  registerFn: async (form: FormData) =>
    (await fetch('/auth/register', { method: 'POST', body: form })).json(),
  logoutFn: async () => void (await fetch('/auth/logout', { method: 'POST' })),
})

export function CustomerOfSession({ children }: { children: ReactNode }) {
  const { data: user } = useUser()
  useAssociate({ customerId: user?.id })
  return children
}
