// TanStack Query as the app of the page has loaded it.
export const { QueryClient } = globalThis.app.queryCore
