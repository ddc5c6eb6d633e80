// A page that runs the script of a client, and notes the tasks of 50 ms and more. Runs in the page.
const longTasks = []
const note = (entries) => longTasks.push(...entries.map(({ duration }) => duration))
const observer = new PerformanceObserver((list) => note(list.getEntries()))
observer.observe({ type: 'longtask' })

/** Compiles and runs a classic script in this task, as a storefront's own does. */
globalThis.run = (script) => {
  const element = document.createElement('script')
  element.textContent = script
  document.head.append(element)
}

globalThis.takeLongTasks = () => {
  note(observer.takeRecords())
  return longTasks.splice(0)
}

/** What every storefront has done by then: the first use of each costs a new process milliseconds, whoever makes it. */
globalThis.warmUp = async () => {
  localStorage.setItem('cart', '[]')
  new BroadcastChannel('cart').close()
  await navigator.locks.request('cart', () => undefined)
  await (await fetch('/favicon.ico', { method: 'POST' })).text()
}
