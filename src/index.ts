'use client'

export * from './core.ts'
export { SessionProvider, type SessionProviderProps } from './react/session-provider.tsx'
export { useAssociate } from './react/use-associate.ts'
export { type UseSessionResult, useSession, useSessionFetch } from './react/use-session.ts'
