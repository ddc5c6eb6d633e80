/** What the rendered page says of its own hydration, as `window.rendered`. */
export interface RenderedReport {
  /** What the server sent for the part that names the session. */
  markup: string
  /** What the first client render made of it. */
  first: string | null
  /** What React had to mend. */
  errors: string[]
  /** Once there is one. */
  sessionId: string | null
}
