'use client'

export * from './core.ts'
export type { UseSessionResult } from './react/session-context.ts'
export { SessionProvider, type SessionProviderProps } from './react/session-provider.tsx'
export { useAssociate } from './react/use-associate.ts'
export { useSession } from './react/use-session.ts'
export { useSessionClient, useSessionFetch } from './react/use-session-client.ts'
