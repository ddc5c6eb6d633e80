/** 144 bits: more than the 128 that make guessing hopeless, and no padding in base64. */
const ID_BYTES = 18
/** Random bytes are fetched for this many ids at once: asking the system for each costs as much as answering. */
const IDS_AT_ONCE = 128

/** The shape of the ids that our server makes and accepts. */
export const isServerSessionId = (value: string): boolean => /^[A-Za-z0-9_-]{16,128}$/.test(value)

/** Gives ids of 24 URL-safe characters from the platform's cryptographic random numbers. */
export function createSessionIds(): () => string {
  const pool = new Uint8Array(ID_BYTES * IDS_AT_ONCE)
  let used = pool.length
  return () => {
    if (used === pool.length) {
      crypto.getRandomValues(pool)
      used = 0
    }
    const bytes = pool.subarray(used, used + ID_BYTES)
    used += ID_BYTES
    const id = btoa(String.fromCharCode(...bytes))
    // An id that was handed out leaves no trace here.
    bytes.fill(0)
    return id.replaceAll('+', '-').replaceAll('/', '_')
  }
}
