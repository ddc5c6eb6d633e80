// TanStack Query as the app of the page has loaded it: the names that the client imports.
export const { QueryClient, replaceEqualDeep } = globalThis.app.queryCore
