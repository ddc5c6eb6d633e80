// What grows in one page: components, associations of one tick, events. Runs in the page.

import { mountReaders } from './readers.jsx'
import { createOurs } from './stores/ours.jsx'

/** Mounts that many components, and leaves them there. */
globalThis.components = async (count) => {
  const readers = await mountReaders('ours', true, count)
  const updateMs = await readers.update(`visit-of-${count}`)
  return { requests: readers.store.requests(), ms: readers.mountMs + updateMs }
}

/** That many calls in one tick, each with another value; ends when all are confirmed. */
globalThis.associations = async (count) => {
  const fields = ['customerId', 'visitId', 'globalVisitId']
  const { client, requests } = await createOurs()
  const before = requests()
  const posted = globalThis.posted
  const begin = performance.now()
  const calls = []
  for (let index = 0; index < count; index++)
    calls.push(client.associate({ [fields[index % fields.length]]: `value-${index}` }))
  await Promise.all(calls)
  const ms = performance.now() - begin
  const { session } = client.getState()
  client.stop()
  if (count > 2 && !fields.every((field) => Number(session[field].slice(6)) >= count - 3))
    throw new Error('The last value of each field must win')
  return { requests: requests() - before, messages: globalThis.posted - posted, ms }
}

const NEWS = [
  () => window.dispatchEvent(new StorageEvent('storage', { key: 'cart', newValue: '1' })),
  () => window.dispatchEvent(new StorageEvent('storage', { key: 'storefront-session', newValue: '1' })),
  () => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })),
  () => window.dispatchEvent(new Event('online')),
  () => window.dispatchEvent(new Event('focus')),
  () => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
]

/** That many events which the page may hear, while the session is there and nothing is wrong. */
globalThis.events = async (count) => {
  const { client, requests } = await createOurs()
  const before = requests()
  const posted = globalThis.posted
  const begin = performance.now()
  for (let index = 0; index < count; index++) {
    NEWS[index % NEWS.length]()
    // A page gets its events in tasks of their own.
    if (index % 1000 === 999) await new Promise((resolve) => setTimeout(resolve))
  }
  const ms = performance.now() - begin
  const { status } = client.getState()
  client.stop()
  if (status !== 'ready') throw new Error(`The session is ${status} after ${count} events`)
  return { requests: requests() - before, messages: globalThis.posted - posted, ms }
}
