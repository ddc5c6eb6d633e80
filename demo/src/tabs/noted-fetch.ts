import { TAB, tellNote } from './tab-link.ts'
import type { RequestNote } from './tab-notes.ts'

let count = 0

/** The page's fetch, with a note for the timeline of each request as it really goes out. */
export const createNotedFetch =
  (baseUrl: string, reasonWithout: (url: URL) => string): typeof fetch =>
  async (input, init) => {
    const request = input instanceof Request ? input : undefined
    const url = new URL(request ? request.url : String(input), location.href)
    const isCall = url.pathname.startsWith(`${baseUrl}/sessions/`)
    const carried = url.searchParams.has('sessionId')
    count += 1
    const note: RequestNote = {
      kind: 'request',
      key: `${TAB}-${count}`,
      tab: TAB,
      at: Date.now(),
      method: init?.method ?? request?.method ?? 'GET',
      path: describePath(url, baseUrl),
      isCall,
      carried,
      ...(!isCall && !carried && { reason: reasonWithout(url) }),
    }
    tellNote(note)
    try {
      const response = await fetch(input, init)
      tellNote({ ...note, until: Date.now(), outcome: response.status })
      return response
    } catch (error) {
      const isGivenUp = error instanceof DOMException && error.name === 'AbortError'
      tellNote({ ...note, until: Date.now(), outcome: isGivenUp ? 'given up' : 'failed' })
      throw error
    }
  }

const describePath = ({ origin, pathname }: URL, baseUrl: string): string =>
  (origin === location.origin ? '' : origin) +
  pathname.replace(baseUrl, '').replace(/^\/sessions\/(?!new$).+/, '/sessions/{id}')
