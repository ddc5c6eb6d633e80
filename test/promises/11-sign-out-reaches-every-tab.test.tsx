import { cleanup } from '@testing-library/react'
import { Activity, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { type SessionClient, SessionProvider, useSession } from 'storefront-session'
import { afterEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
let root: Root | undefined
afterEach(() => {
  root?.unmount()
  cleanup()
})

/** A page, and what it shows after each rendering: that is what a browser may paint. */
function openPage() {
  const element = document.createElement('div')
  document.body.append(element)
  root = createRoot(element)
  return {
    text: () => element.textContent ?? '',
    /** Without `act`, which would flush more than a browser does before it paints. */
    show: (page: ReactNode) => flushSync(() => root?.render(page)),
  }
}
/** What the effects of a component find in the document, before and after a browser paints. */
function Painted({ frames, children }: { frames: string[]; children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null)
  const look = () => void frames.push(element.current?.textContent ?? '')
  useLayoutEffect(() => {
    requestAnimationFrame(look)
  })
  useEffect(look)
  return <div ref={element}>{children}</div>
}
const Reader = () => {
  const { status, sessionId, session: info } = useSession()
  return <p>{`${status} ${sessionId} ${info?.customerId}`}</p>
}

/** What another tab does while this one does not look. */
const LEAVINGS = {
  reset: () => {
    localStorage.setItem('storefront-session:at', 'othergeneration')
    localStorage.removeItem('storefront-session')
  },
  forget: () => localStorage.clear(),
}
const leavings = Object.entries(LEAVINGS)

/** A page whose provider is hidden or gone after ada was shown in it. */
async function hideAda(client: SessionClient, page: (isShown: boolean, frames: string[]) => ReactNode) {
  const frames: string[] = []
  const { show, text } = openPage()
  show(page(true, frames))
  const { sessionId } = await client.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(text()).toContain('ada'))
  show(page(false, frames))
  // React runs the effects of what is hidden in its own time.
  await new Promise((resolve) => setTimeout(resolve, 20))
  frames.length = 0
  session.api.seen.length = 0
  return { frames, show, text, left: sessionId }
}

// React 18 has no such thing.
test.skipIf(!Activity).each(leavings)(
  'F186: a tree that <Activity> hid while another tab called %s() shows nothing of the earlier session in any frame',
  async (how, leave) => {
    const client = session.open()
    const page = (isShown: boolean, frames: string[]) => (
      <Activity mode={isShown ? 'visible' : 'hidden'}>
        <SessionProvider client={client}>
          <Painted frames={frames}>
            <Reader />
          </Painted>
        </SessionProvider>
      </Activity>
    )
    const { frames, show, text, left } = await hideAda(client, page)
    leave()
    show(page(true, frames))
    expect(text()).not.toContain(left)
    await vi.waitFor(() => expect(text()).toMatch(how === 'forget' ? /^disabled/ : /^ready/))
    expect(frames.join()).not.toContain(left)
    expect(frames.join()).not.toContain('ada')
    expect(JSON.stringify({ ...localStorage })).not.toContain(left)
    expect(session.api.seen.map(({ path }) => path).join()).not.toContain(left)
    if (how === 'forget') expect([localStorage.length, session.api.calls()]).toEqual([0, []])
  },
)

test.each(leavings)(
  'F186: a provider that was unmounted while another tab called %s() shows nothing of the earlier session in any frame',
  async (how, leave) => {
    const client = session.open()
    const page = (isShown: boolean, frames: string[]) =>
      isShown ? (
        <SessionProvider client={client}>
          <Painted frames={frames}>
            <Reader />
          </Painted>
        </SessionProvider>
      ) : null
    const { frames, show, text, left } = await hideAda(client, page)
    leave()
    show(page(true, frames))
    expect(text()).not.toContain(left)
    await vi.waitFor(() => expect(text()).toMatch(how === 'forget' ? /^disabled/ : /^ready/))
    expect(frames.join()).not.toContain(left)
    if (how === 'forget') expect([localStorage.length, session.api.calls()]).toEqual([0, []])
  },
)

test('a tree that was hidden while nothing happened shows the session at once', async () => {
  const client = session.open()
  const page = (isShown: boolean, frames: string[]) =>
    isShown ? (
      <SessionProvider client={client}>
        <Painted frames={frames}>
          <Reader />
        </Painted>
      </SessionProvider>
    ) : null
  const { frames, show, text, left } = await hideAda(client, page)
  show(page(true, frames))
  expect(text()).toBe(`ready ${left} ada`)
})
