'use client'

export { SessionDevtools } from './devtools/session-devtools.tsx'
