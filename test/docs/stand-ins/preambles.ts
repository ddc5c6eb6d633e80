/**
 * Code that a page leaves out because its readers have it: `<!-- with: store -->` above a block puts it in front of
 * that block when the block is compiled. Each is one line, so that the lines of an error are those of the page.
 */
export const preambles: Record<string, string> = {
  store: "import { memoryStore } from 'storefront-session/server'; const store = memoryStore()",
  client: "import { client } from './session'",
  handle:
    "import { createSessionHandler, memoryStore } from 'storefront-session/server'; const store = memoryStore(); const handle = createSessionHandler({ store })",
}
