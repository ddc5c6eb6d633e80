export interface HelpArticle {
  id: number
  topic: string
  title: string
  text: string
}

type Fetch = typeof globalThis.fetch

/** Below the session's base URL, so that the middleware puts the session on it. */
export async function searchHelp(fetch: Fetch, words: string, signal: AbortSignal): Promise<HelpArticle[]> {
  const response = await fetch(`/gks-server/v1/help/search?q=${encodeURIComponent(words)}`, { signal })
  if (!response.ok) throw new Error(`The help search answered ${response.status}`)
  // The demo's own server stands behind this address, so its answer is trusted.
  return ((await response.json()) as { hits: HelpArticle[] }).hits
}

export async function sendFeedback(fetch: Fetch, id: number, isHelpful: boolean): Promise<void> {
  const response = await fetch('/gks-server/v1/help/feedback', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, isHelpful }),
  })
  if (!response.ok) throw new Error(`The help centre answered ${response.status}`)
}
