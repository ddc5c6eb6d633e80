import type { RenderedReport } from '../../rendered/rendered-types.ts'
import { measure, type PromiseCard } from './card.ts'
import type { World } from './world.ts'

export const serverRendering: PromiseCard = {
  number: 9,
  title: 'Server rendering',
  expected:
    'The demo’s server renders a page. Its markup names no session, it is the same for every request, and the first client render agrees with it; then the id comes.',
  async run(world) {
    const address = `/demo/rendered?key=${world.key}`
    const [one, other] = await Promise.all([markupAt(address), markupAt(address)])
    const first = await hydrate(world, address)
    const second = await hydrate(world, address)
    const { sessionId } = second
    return [
      measure('two answers of the server are the same', one === other),
      measure('on the server, ready() rejects with “disabled”', one.includes('data-ready="disabled"')),
      measure('the markup names no session', !one.includes(sessionId)),
      measure(
        'first visit: hydrated without an error',
        first.errors.length === 0 && first.first === first.markup,
      ),
      measure(
        'restore: the first render is the server’s, the next has the id',
        second.errors.length === 0 && second.first === second.markup && first.sessionId === sessionId,
      ),
    ]
  },
}

async function markupAt(address: string): Promise<string> {
  const page = await (await fetch(address)).text()
  return page.slice(page.indexOf('<div id="root">'))
}

/** Loads the page as a visitor does, and reads what it says of its own hydration. */
async function hydrate(world: World, address: string): Promise<RenderedReport & { sessionId: string }> {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.src = address
  document.body.append(frame)
  try {
    const view = () => frame.contentWindow as (Window & { rendered?: RenderedReport }) | null // as its script says
    await world.until('the page shows the id', () => !!view()?.rendered?.sessionId)
    const rendered = view()?.rendered
    if (!rendered?.sessionId) throw new Error('The page is gone')
    return { ...rendered, sessionId: rendered.sessionId }
  } finally {
    frame.remove()
  }
}
