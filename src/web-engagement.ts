/** Ids of a visit, as Genesys Web Engagement knows them. */
export interface VisitIds {
  visitId?: string
  globalVisitId?: string
}

const TIMEOUT_MS = 2_000

/**
 * Reads the visit ids of a Genesys Web Engagement page: pushes `['getIDs', callback]` on `window._gt`, which is made
 * if the page has none yet. Takes every spelling in use (`visitID`, `visitId`, `globalVisitID`, `globalVisitId`).
 * Resolves with `{}` when nobody answers within `timeoutMs` (default 2000), and on a server. Never rejects.
 *
 * @example
 * const [ids, setIds] = useState<VisitIds>({})
 * useEffect(() => void readVisitIds().then(setIds), [])
 * useAssociate(ids)
 */
export function readVisitIds({ timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {}): Promise<VisitIds> {
  return new Promise((resolve) => {
    if (typeof window === 'undefined') return resolve({})
    const page: { _gt?: { push(command: [string, (ids: unknown) => void]): unknown } } = window as never // a global of the page
    const timer = setTimeout(() => resolve({}), timeoutMs)
    const hear = (answer: unknown) => {
      clearTimeout(timer)
      try {
        resolve(pickVisitIds(answer))
      } catch {
        resolve({}) // an answer that throws when it is read counts as empty
      }
    }
    try {
      page._gt ??= [] as [string, (ids: unknown) => void][]
      page._gt.push(['getIDs', hear])
    } catch {
      // A tracker that is broken, or something else by that name, knows no visit.
      hear({})
    }
  })
}

function pickVisitIds(answer: unknown): VisitIds {
  const given = { ...(answer as Record<string, unknown>) }
  const ids: VisitIds = {}
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string' || !/^[!-~]{1,256}$/.test(value)) continue
    if (/^visitid$/i.test(name)) ids.visitId = value
    if (/^globalvisitid$/i.test(name)) ids.globalVisitId = value
  }
  return ids
}
