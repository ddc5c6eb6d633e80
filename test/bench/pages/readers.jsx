// A thousand readers of one value, over each store. Runs in the page.
import { Profiler } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { createHooks } from './stores/hooks.jsx'
import { createOurs } from './stores/ours.jsx'
import { createRedux } from './stores/redux.jsx'
import { createZustand } from './stores/zustand.js'

const READERS = 1000
const UPDATES = 10

const stores = { ours: createOurs, hooks: createHooks, zustand: createZustand, redux: createRedux }

/** Mounts readers over a new store; what it gives back measures. */
export async function mountReaders(name, isSelecting, readers) {
  const store = await stores[name]()
  const useVisit = isSelecting ? store.useSelected : store.useWhole
  const counts = { renders: 0, commits: 0 }
  function Reader() {
    counts.renders++
    return useVisit() ?? ''
  }
  const element = document.createElement('div')
  document.body.append(element)
  const root = createRoot(element)
  const tree = (
    <Profiler id={name} onRender={() => counts.commits++}>
      <store.Provider>
        {Array.from({ length: readers }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <i key={index}>
            <Reader />
          </i>
        ))}
      </store.Provider>
    </Profiler>
  )
  const begin = performance.now()
  flushSync(() => root.render(tree))
  const mountMs = performance.now() - begin
  await store.settled?.()
  return {
    store,
    mountMs,
    /** What `work` costs in renders and commits. */
    async count(work) {
      counts.renders = 0
      counts.commits = 0
      await work()
      return { ...counts }
    },
    /** The time until every reader shows the new value; what follows in the background is not in it. */
    async update(value) {
      // All stores begin after a painted frame: a store that answers by itself would change what is not laid out yet.
      await painted()
      const started = performance.now()
      let rest
      flushSync(() => {
        rest = store.update(value)
      })
      const ms = performance.now() - started
      if (readers && element.lastChild?.textContent !== value)
        throw new Error(`${name} does not show ${value}`)
      await rest
      return ms
    },
    /** A change that concerns no reader. */
    async background() {
      const started = performance.now()
      await store.background()
      return performance.now() - started
    },
    end() {
      flushSync(() => root.unmount())
      element.remove()
      store.end?.()
    },
  }
}

const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

/** Medians would hide that one update collects garbage: the mean of ten is one sample. */
async function mean(work) {
  let sum = 0
  for (let index = 0; index < UPDATES; index++) sum += await work(index)
  return sum / UPDATES
}

/** What the store needs for itself is measured without a reader, and what a thousand of them add. */
globalThis.measure = async (name, isSelecting, round) => {
  const times = async (readers) => {
    const some = await mountReaders(name, isSelecting, readers)
    const updateMs = await mean((index) => some.update(`visit-${round}-${index}`))
    const backgroundMs = await mean(() => some.background())
    some.end()
    return { mountMs: some.mountMs, updateMs, backgroundMs }
  }
  const none = await times(0)
  const all = await times(READERS)
  return {
    mountMs: all.mountMs,
    ownMs: none.updateMs,
    updateMs: all.updateMs - none.updateMs,
    backgroundMs: all.backgroundMs - none.backgroundMs,
  }
}

globalThis.count = async (name, isSelecting) => {
  const all = await mountReaders(name, isSelecting, READERS)
  const update = await all.count(() => all.update('visit-counted'))
  const background = await all.count(() => all.background())
  all.end()
  return { update, background }
}
