/**
 * How many buckets sessions are spread over. Many, so that a slot of a cluster that moves holds few sessions; few
 * enough to ask each for the sessions of a customer.
 */
const BUCKETS = 1_024
const LETTERS = '0123456789abcdefghijklmnopqrstuv'

/** The keys of one store. */
export interface RedisKeys {
  session(sessionId: string): string
  /** The key of the index of a customer in the bucket of a session. */
  index(sessionId: string, customerId: string): string
  /** The keys of the index of a customer in each bucket. */
  indexes(customerId: string): string[]
  /** The id in the key of a session. */
  idIn(key: string): string
  /** A glob for the keys of all sessions, and of nothing else. */
  pattern: string
  /** How many bytes stand before the id in the key of a session. */
  bucketBytes: number
}

/**
 * A session stands at `PREFIX{BUCKET}ID`, an index at `PREFIX{BUCKET}:CUSTOMER`. The braces make the bucket the hash
 * tag: a cluster keeps a session and its index on one node. No session id begins with a colon.
 */
export function createRedisKeys(prefix: string): RedisKeys {
  const buckets = Array.from(
    { length: BUCKETS },
    (_, bucket) => `${prefix}{${LETTERS[bucket >> 5]}${LETTERS[bucket & 31]}}`,
  )
  const tagLength = '{??}'.length
  const bucketOf = (sessionId: string): string => buckets[hash(sessionId) % BUCKETS] ?? ''
  return {
    session: (sessionId) => bucketOf(sessionId) + sessionId,
    index: (sessionId, customerId) => `${bucketOf(sessionId)}:${customerId}`,
    indexes: (customerId) => buckets.map((bucket) => `${bucket}:${customerId}`),
    idIn: (key) => key.slice(prefix.length + tagLength),
    pattern: `${prefix.replace(/[\\*?[\]^-]/g, '\\$&')}{??}[^:]*`,
    bucketBytes: new TextEncoder().encode(prefix).length + tagLength,
  }
}

/** FNV-1a: ids of any shape spread evenly over the buckets. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  // The lower bits of FNV depend on the lower bits of the text alone.
  return (value ^ (value >>> 15)) >>> 0
}
