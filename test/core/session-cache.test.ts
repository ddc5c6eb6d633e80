import { MutationCache, onlineManager, QueryCache, QueryClient, QueryObserver } from '@tanstack/query-core'
import { afterEach, expect, test, vi } from 'vitest'
import { createSessionCache } from '../../src/core/session-cache.ts'
import { SessionError } from '../../src/wire/session-error.ts'
import { createEnvironment } from './support/simple-environment.ts'

afterEach(() => onlineManager.setOnline(true))

const INFO = { sessionId: 's-1', customerId: 'ada' }
const trouble = new SessionError('network', 'no network')

function open(
  queryFn: () => Promise<typeof INFO> = async () => INFO,
  queries: ConstructorParameters<typeof QueryCache>[0] = {},
  mutations: ConstructorParameters<typeof MutationCache>[0] = {},
) {
  const queryClient = new QueryClient({
    queryCache: new QueryCache(queries),
    mutationCache: new MutationCache(mutations),
  })
  const asked = vi.fn(queryFn)
  const cache = createSessionCache({
    queryClient,
    key: ['key', '/api', 'tenant'],
    revalidateMs: 300_000,
    timers: createEnvironment(),
    timeoutMs: 10_000,
    queryFn: asked,
  })
  return { queryClient, asked, cache }
}

test('the session is one query of the app, under a key that tells which', async () => {
  const { cache, queryClient } = open()
  expect(cache.queryOptions.queryKey).toEqual(['storefront-session', 'key', '/api', 'tenant'])
  expect([await cache.fetch(), cache.get()]).toEqual([INFO, INFO])
  expect(queryClient.getQueryData(cache.queryOptions.queryKey)).toEqual(INFO)
})

test('callers of one moment share one run of the query, and a later caller asks again', async () => {
  const { cache, asked } = open()
  await Promise.all([cache.fetch(), cache.fetch(), cache.fetch()])
  expect(asked).toHaveBeenCalledTimes(1)
  await cache.fetch()
  expect(asked).toHaveBeenCalledTimes(2)
})

test('it is asked once, and offline, too: when to try again is decided elsewhere', async () => {
  onlineManager.setOnline(false)
  const { cache, asked } = open(() => Promise.reject(trouble))
  await expect(cache.fetch()).rejects.toBe(trouble)
  expect(asked).toHaveBeenCalledTimes(1)
})

test('F190: the app hears of one outage once, and of the next one again', async () => {
  const onError = vi.fn()
  let isDown = true
  const { cache } = open(() => (isDown ? Promise.reject(trouble) : Promise.resolve(INFO)), { onError })
  for (let times = 0; times < 3; times++) await cache.fetch().catch(() => undefined)
  expect(onError).toHaveBeenCalledTimes(1)
  isDown = false
  await cache.fetch()
  isDown = true
  for (let times = 0; times < 3; times++) await cache.fetch().catch(() => undefined)
  expect(onError).toHaveBeenCalledTimes(2)
})

test('F185: moved to another QueryClient, the session is there and no longer in the first one', async () => {
  const { cache, queryClient, asked } = open()
  const heard = vi.fn()
  cache.listen(heard)
  cache.set(INFO, Date.now())
  const next = new QueryClient()
  cache.moveTo(next)
  expect(next.getQueryData(cache.queryOptions.queryKey)).toEqual(INFO)
  expect(queryClient.getQueryCache().getAll()).toEqual([])
  expect([cache.get(), asked.mock.calls.length]).toEqual([INFO, 0])
  heard.mockClear()
  queryClient.setQueryData(cache.queryOptions.queryKey, { sessionId: 'of the old one' })
  expect(heard).not.toHaveBeenCalled()
  next.clear()
  expect(heard).toHaveBeenCalledWith(true)
})

test.each(['throws', 'never settles'])(
  'an association is sent although onMutate of the app %s',
  async (does) => {
    vi.useFakeTimers()
    const error = vi.spyOn(console, 'error').mockReturnValue(undefined)
    const onMutate = () => {
      if (does === 'throws') throw new Error('no such toast')
      return new Promise<void>(() => undefined)
    }
    const { cache } = open(undefined, {}, { onMutate })
    const work = vi.fn(async () => undefined)
    const done = cache.mutate(work)
    await vi.advanceTimersByTimeAsync(10_000)
    await done
    expect(work).toHaveBeenCalledTimes(1)
    error.mockRestore()
    vi.useRealTimers()
  },
)

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
  expect(heard).not.toHaveBeenCalled()
  queryClient.setQueryData(cache.queryOptions.queryKey, { ...INFO, customerId: 'bob' })
  expect(heard).toHaveBeenLastCalledWith(false)
  queryClient.clear()
  expect(heard).toHaveBeenLastCalledWith(true)
  end()
  heard.mockClear()
  cache.set(INFO, 1)
  expect(heard).not.toHaveBeenCalled()
})
