import { createRoot } from 'react-dom/client'
import { type SessionClient, SessionProvider, useSession } from 'storefront-session'
import { measure, type PromiseCard } from './card.ts'
import type { World } from './world.ts'

export const fewRenders: PromiseCard = {
  number: 8,
  title: 'Few renders',
  expected:
    'A component that reads only the id renders at most twice on a first visit, once on a restore, and never for work in the background.',
  async run(world) {
    const first = await visit(world)
    const second = await visit(world)
    return [
      measure(`first visit: ${first.renders} renders`, first.renders <= 2),
      measure(`restore: ${second.renders} render`, second.renders === 1),
      measure(
        `an association in the background: ${first.later + second.later} more`,
        first.later + second.later === 0,
      ),
    ]
  },
}

/** Mounts a reader of the id, waits until the session is settled, and lets something happen in the background. */
async function visit(world: World): Promise<{ renders: number; later: number }> {
  const seen: (string | null)[] = []
  let associate: SessionClient['associate'] | undefined
  function Reader() {
    const { sessionId } = useSession()
    seen.push(sessionId)
    return null
  }
  /** Renders at will: it is there for its function. */
  function Worker() {
    associate = useSession((session) => session.associate)
    return null
  }
  const root = createRoot(document.createElement('div'))
  root.render(
    <SessionProvider {...world.options()}>
      <Reader />
      <Worker />
    </SessionProvider>,
  )
  try {
    await world.until('the API gave an id', () => seen.at(-1) != null)
    const renders = seen.length
    await associate?.({ visitId: `card-8-${renders}` })
    return { renders, later: seen.length - renders }
  } finally {
    root.unmount()
  }
}
