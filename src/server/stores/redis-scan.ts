import type { RedisMaster } from './redis-nodes.ts'

/** Keys of one page. */
export interface KeyPage {
  keys: string[]
  /** `after` for the next page; absent on the last one. */
  next?: string
}

/** Where a scan stands. */
interface Position {
  address: string
  /** Of SCAN on that server; empty where the server has given all its keys. */
  cursor: string
  /** Keys that the server gave beyond the limit of the page before. */
  left: string[]
}

/** SCAN begins and ends with this cursor. */
const START = '0'
/** More keys at once would hold up a server for others, and take longer to read than an operation may. */
const MAX_KEYS = 1_000

/**
 * At most `limit` keys, of one server after the other. A key that is there during the whole scan is in one page; while
 * slots of a cluster move, it may be missing or come twice.
 *
 * @throws TypeError for an `after` that no page gave; Error where the server of that page is no longer a master
 */
export async function scanKeys(
  masters: RedisMaster[],
  scan: (master: RedisMaster, cursor: string, count: number) => Promise<[cursor: string, keys: string[]]>,
  limit: number,
  after: string | undefined,
): Promise<KeyPage> {
  const count = Math.min(limit, MAX_KEYS)
  const position =
    after === undefined ? { address: masters[0]?.address, cursor: START, left: [] } : parse(after)
  let index = masters.findIndex(({ address }) => address === position.address)
  if (index < 0)
    throw new Error(`scan: ${position.address} left the Redis cluster; begin again without after`)
  let { cursor, left } = position
  // SCAN may find nothing for a while, among many keys of other programs.
  while (!left.length) {
    if (!cursor) {
      index++
      cursor = START
    }
    const master = masters[index]
    if (!master) return { keys: [] }
    const [next, found] = await scan(master, cursor, count)
    cursor = next === START ? '' : next
    left = found
  }
  const keys = left.slice(0, count)
  left = left.slice(count)
  if (!left.length && !cursor && index === masters.length - 1) return { keys }
  return { keys, next: JSON.stringify([masters[index]?.address, cursor, left]) }
}

function parse(after: string): Position {
  try {
    const [address, cursor, left] = JSON.parse(after)
    const isKeys = Array.isArray(left) && left.every((key) => typeof key === 'string')
    if (typeof address === 'string' && typeof cursor === 'string' && isKeys) return { address, cursor, left }
  } catch {
    // Told below, as of any other text.
  }
  throw new TypeError('scan: after must be the next of an earlier page of this store')
}
