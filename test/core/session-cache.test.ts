import { onlineManager, QueryClient, QueryObserver } from '@tanstack/query-core'
import { afterEach, expect, test, vi } from 'vitest'
import { createSessionCache } from '../../src/core/session-cache.ts'
import { SessionError } from '../../src/wire/session-error.ts'

afterEach(() => onlineManager.setOnline(true))

const INFO = { sessionId: 's-1', customerId: 'ada' }
const trouble = new SessionError('network', 'no network')

function open(queryFn = async () => INFO) {
  const queryClient = new QueryClient()
  const asked = vi.fn(queryFn)
  const cache = createSessionCache(queryClient, ['key', '/api', 'tenant'], 300_000, asked)
  return { queryClient, asked, cache }
}

test('the session is one query of the app, under a key that tells which', async () => {
  const { cache, queryClient } = open()
  expect(cache.queryOptions.queryKey).toEqual(['storefront-session', 'key', '/api', 'tenant'])
  expect([await cache.fetch(), cache.get()]).toEqual([INFO, INFO])
  expect(queryClient.getQueryData(cache.queryOptions.queryKey)).toEqual(INFO)
})

test('it is asked for where it is stale, or in any case; callers share one run', async () => {
  const { cache, asked } = open()
  await Promise.all([cache.fetch(), cache.fetch(true), cache.fetch()])
  await cache.fetch()
  expect(asked).toHaveBeenCalledTimes(1)
  await cache.fetch(true)
  expect(asked).toHaveBeenCalledTimes(2)
  cache.set(INFO, Date.now() - 300_001)
  await cache.fetch()
  expect(asked).toHaveBeenCalledTimes(3)
  cache.set(INFO, Date.now() - 1_000)
  await cache.fetch()
  expect(asked).toHaveBeenCalledTimes(3)
})

test('it is asked once, and offline, too: when to try again is decided elsewhere', async () => {
  onlineManager.setOnline(false)
  const { cache, asked } = open(() => Promise.reject(trouble))
  await expect(cache.fetch()).rejects.toBe(trouble)
  expect(asked).toHaveBeenCalledTimes(1)
})

test('it says while it is being asked for', async () => {
  const { cache } = open()
  expect(cache.isFetching()).toBe(false)
  const fetched = cache.fetch()
  expect(cache.isFetching()).toBe(true)
  await fetched
  expect(cache.isFetching()).toBe(false)
})

test('given up, by us or by the app, it is the session that was left', async () => {
  const { cache, queryClient } = open(() => new Promise(() => undefined))
  const fetched = cache.fetch()
  await queryClient.cancelQueries()
  await expect(fetched).rejects.toMatchObject({
    name: 'SessionError',
    code: 'aborted',
    message: 'The session was left',
  })
})

test('an association is one mutation of the app, offline, too, and not tried again', async () => {
  onlineManager.setOnline(false)
  const { cache, queryClient } = open()
  const work = vi.fn(async () => undefined)
  await cache.mutate(work)
  expect(work).toHaveBeenCalledTimes(1)
  const [mutation] = queryClient.getMutationCache().getAll()
  expect(mutation?.options.mutationKey).toEqual([...cache.queryOptions.queryKey, 'associate'])
  const failing = vi.fn(() => Promise.reject(trouble))
  await expect(cache.mutate(failing)).rejects.toBe(trouble)
  expect(failing).toHaveBeenCalledTimes(1)
})

test('removed under the eyes of an observer, it shows nothing, and then what comes next', () => {
  const { cache, queryClient } = open()
  cache.set(INFO, Date.now())
  const observer = new QueryObserver(queryClient, { ...cache.queryOptions, enabled: false })
  const end = observer.subscribe(() => undefined)
  cache.remove()
  expect(observer.getCurrentResult().data).toBeUndefined()
  const next = { sessionId: 's-2' }
  cache.set(next, Date.now())
  expect(observer.getCurrentResult().data).toEqual(next)
  end()
})

test('reset, it has no data and stays in the cache; removed, it is gone', async () => {
  const { cache, queryClient } = open()
  await cache.fetch()
  cache.reset()
  expect([cache.get(), queryClient.getQueryCache().getAll().length]).toEqual([undefined, 1])
  queryClient.setQueryData(['products'], [])
  cache.remove()
  expect(
    queryClient
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) => queryKey),
  ).toEqual([['products']])
  cache.reset()
})

test('queries that belong to the customer are stale with him, and no others', () => {
  const { cache, queryClient } = open()
  for (const [key, meta] of [
    ['orders', { session: true }],
    ['products', undefined],
    ['news', { session: 'no' }],
  ] as const)
    queryClient
      .getQueryCache()
      .build(queryClient, { queryKey: [key], ...(meta && { meta }) }, { data: 1 } as never)
  cache.invalidateDependents()
  const isStale = (key: string) => queryClient.getQueryState([key])?.isInvalidated ?? false
  expect(['orders', 'products', 'news'].map(isStale)).toEqual([true, false, false])
})

test('a listener hears of the session alone, and whether the app cleared it, until it ends', async () => {
  const { cache, queryClient } = open()
  const heard = vi.fn()
  const end = cache.listen(heard)
  queryClient.setQueryData(['products'], [])
  queryClient.removeQueries({ queryKey: ['products'] })
  expect(heard).not.toHaveBeenCalled()
  cache.set(INFO, 1)
  expect(heard).toHaveBeenLastCalledWith(false)
  queryClient.clear()
  expect(heard).toHaveBeenLastCalledWith(true)
  end()
  heard.mockClear()
  cache.set(INFO, 1)
  expect(heard).not.toHaveBeenCalled()
})
