'use client'

export * from './core.ts'
export {
  SessionProvider,
  type SessionProviderProps,
  type UseSessionResult,
} from './react/session-provider.tsx'
export { useAssociate } from './react/use-associate.ts'
export { useSession, useSessionFetch } from './react/use-session.ts'
