// One visit of a storefront page: mounts readers of the session's id and notes when each of them had it.
import { Fragment, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

/**
 * @param createVisitor makes `{ Provider, useId }` of one library; `ids` are to be associated from the first render on
 * @param isStrict in StrictMode
 */
export function visit(createVisitor, isStrict) {
  const parameters = new URL(location.href).searchParams
  const customerId = parameters.get('customer')
  const readers = Array.from({ length: Number(parameters.get('readers') ?? 1) }, (_, index) => index)
  const notes = { begin: globalThis.begin, renders: readers.map(() => 0) }
  globalThis.notes = notes

  const mount = () => {
    const { Provider, useId } = createVisitor(customerId ? { customerId } : undefined)
    function Reader({ index }) {
      const id = useId()
      notes.renders[index]++
      // One look at the clock: the machine may take the processor away between two.
      const now = performance.now()
      notes.firstRenderAt ??= now
      if (id) notes.idAt ??= now
      notes.id = id
      return id ?? '…'
    }
    const Root = isStrict ? StrictMode : Fragment
    const page = (
      <Provider>
        {readers.map((index) => (
          <Reader key={index} index={index} />
        ))}
      </Provider>
    )
    createRoot(document.getElementById('root')).render(<Root>{page}</Root>)
  }

  if (!parameters.has('held')) return mount()
  /** Mounts at this wall-clock time, so that many tabs begin at one moment. */
  globalThis.mountAt = (at) =>
    setTimeout(() => {
      notes.begin = performance.now()
      mount()
    }, at - Date.now())
}
