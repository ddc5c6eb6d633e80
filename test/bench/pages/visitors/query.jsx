// What a team writes by hand in ten lines: a query that creates or restores, the id in localStorage.
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'

const KEY = 'by-hand'
const AT = 'by-hand-at'
const FRESH_MS = 300_000

const createWith = (initial) => (ids) => {
  const options = {
    queryKey: ['session'],
    staleTime: FRESH_MS,
    async queryFn() {
      const id = localStorage.getItem(KEY)
      const response = await fetch(`/gks-server/v1/sessions/${id ?? 'new'}`, {
        method: id ? 'GET' : 'PUT',
        headers: ids && { gkc_customerId: ids.customerId },
      })
      const info = (await response.json()).response
      localStorage.setItem(KEY, info.sessionId)
      localStorage.setItem(AT, Date.now())
      return info
    },
    ...initial,
  }
  const queryClient = new QueryClient()
  return {
    Provider: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
    useId: () => useQuery(options).data?.sessionId,
  }
}

export const createVisitor = createWith()
/** The stored id as initial data, with the time of its last confirmation. */
export const createSeededVisitor = createWith({
  initialData: () => {
    const sessionId = localStorage.getItem(KEY)
    return sessionId ? { sessionId } : undefined
  },
  initialDataUpdatedAt: () => Number(localStorage.getItem(AT)),
})
