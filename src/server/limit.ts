import type { Tell } from './notify.ts'
import { forwardedAddress, networkOf } from './peer-address.ts'
import type { ApiRequest } from './request.ts'
import { RequestFailure } from './response.ts'

/** How many requests one client may send. Each process counts for itself. */
export interface LimitOptions {
  /**
   * Requests that make a session, such as `'30/10m'` (units `s`, `m`, `h`, `d`): each `PUT`, and each `POST` of an
   * unknown id.
   * @default unlimited
   */
  create?: string | undefined
  /**
   * Requests that use a session, such as `'600/10m'`: each `GET`, `HEAD`, `POST` and `DELETE`.
   * @default unlimited
   */
  use?: string | undefined
  /**
   * What a request is counted by; the first 256 characters count. `peer` is the client's address, after `trustProxy`;
   * it is empty where the address is not known. A request with an empty key is not limited. The request's body is
   * already read.
   * @default the client's address, IPv6 by /64
   */
  by?: ((request: Request, peer: string) => string) | undefined
  /**
   * How many proxies of yours stand before this server. The client's address is then that many entries from the right
   * of `X-Forwarded-For`. With 0 the header is ignored, and all visitors behind one proxy count as one client.
   * @default 0
   */
  trustProxy?: number | undefined
}

/** Counts requests; each function throws a `RequestFailure` (429) beyond its limit. */
export interface Limiter {
  /** Absent where making sessions is not limited. */
  create?: ((request: ApiRequest) => void) | undefined
  /** Absent where using sessions is not limited. */
  use?: ((request: ApiRequest) => void) | undefined
}

/** Some ten megabytes, if every key is an address. */
const MAX_KEYS = 100_000
const MAX_KEY_LENGTH = 256
const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Prepares the limits of one handler.
 *
 * @param tell hears of a `by` that throws, and once of a request whose client is not known
 * @throws TypeError for a limit that can't be read
 */
export function createLimiter({ create, use, by, trustProxy = 0 }: LimitOptions, tell: Tell): Limiter {
  if (!Number.isSafeInteger(trustProxy) || trustProxy < 0)
    throw new TypeError(`createSessionHandler: limit.trustProxy must be an integer from 0, not ${trustProxy}`)
  let hasTold = false

  const keyOf = (request: ApiRequest): string => {
    const address = forwardedAddress(request.header('x-forwarded-for'), trustProxy)
    const peer = networkOf(address ?? '') ?? networkOf(request.peer()) ?? request.peer()
    const key = by ? askApp(by, request, peer, tell) : peer
    if (key) return key.slice(0, MAX_KEY_LENGTH)
    if (!hasTold)
      tell(
        new Error(
          'limit: a request has no client address, so it is not limited. Give it: handle(request, { peer }), or set limit.trustProxy or limit.by. This is said once',
        ),
      )
    hasTold = true
    return ''
  }

  const prepare = (name: string, rate: string | undefined) => {
    if (rate === undefined) return undefined
    const count = createCount(parseRate(name, rate))
    return (request: ApiRequest) => {
      const key = keyOf(request)
      const waitMs = key && count(key)
      if (!waitMs) return
      const seconds = Math.ceil(waitMs / 1_000)
      throw new RequestFailure('limited', `Too many requests; try again in ${seconds} s`, {
        'retry-after': String(seconds),
      })
    }
  }
  return { create: prepare('create', create), use: prepare('use', use) }
}

/** Where `by` of the app fails, the request counts by its address. */
function askApp(by: NonNullable<LimitOptions['by']>, request: ApiRequest, peer: string, tell: Tell): string {
  try {
    return String(by(request.toRequest(), peer) ?? '')
  } catch (error) {
    tell(error)
    return peer
  }
}

interface Rate {
  max: number
  windowMs: number
}

function parseRate(name: string, text: string): Rate {
  const [, max, times, unit] = /^(\d{1,9})\/(\d{0,6})([smhd])$/.exec(text) ?? []
  const windowMs = Number(times || 1) * (UNITS_MS[unit ?? ''] ?? Number.NaN)
  if (Number(max) > 0 && windowMs > 0) return { max: Number(max), windowMs }
  throw new TypeError(
    `createSessionHandler: limit.${name} must be a count and a time with s, m, h or d, such as '30/10m', not '${text}'`,
  )
}

interface Window {
  count: number
  endsAt: number
}

/**
 * Counts for each key in a window that its first request opens. Gives 0, or the milliseconds to wait; a request that
 * has to wait is not counted.
 *
 * The table is bounded by two generations, of which the older one is dropped as a whole: when a window has passed, and
 * when the younger one is full. A key in use moves to the younger one, so a flood of new keys pushes out idle ones.
 */
export function createCount(
  { max, windowMs }: Rate,
  { maxKeys = MAX_KEYS, now = Date.now }: { maxKeys?: number; now?: () => number } = {},
): (key: string) => number {
  const perGeneration = Math.ceil(maxKeys / 2)
  let younger = new Map<string, Window>()
  let older = new Map<string, Window>()
  let bornAt = now()

  const age = (time: number) => {
    if (younger.size < perGeneration && time - bornAt < windowMs && time >= bornAt) return
    older = younger
    younger = new Map()
    bornAt = time
  }

  return (key) => {
    const time = now()
    age(time)
    const known = younger.get(key) ?? older.get(key)
    // The second condition: a clock that was set back must not lengthen a window.
    const isOpen = known && known.endsAt > time && known.endsAt - time <= windowMs
    const window = isOpen ? known : { count: 0, endsAt: time + windowMs }
    younger.set(key, window)
    if (window.count >= max) return window.endsAt - time
    window.count++
    return 0
  }
}
