/** 6 bits a character, 144 in all: more than the 128 that make guessing hopeless. */
const ID_LENGTH = 24
/** Random bytes are fetched for this many ids at once: asking the system for each costs as much as answering. */
const IDS_AT_ONCE = 128
/** Codes of 64 characters that need no escape in a URL: the lower 6 bits of a random byte choose one, none more often. */
const CODES = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  (character) => character.charCodeAt(0),
)

/** The shape of the ids that our server makes and accepts. */
export const isServerSessionId = (value: string): boolean => /^[A-Za-z0-9_-]{16,128}$/.test(value)

/** Gives ids of 24 URL-safe characters from the platform's cryptographic random numbers. */
export function createSessionIds(): () => string {
  const pool = new Uint8Array(ID_LENGTH * IDS_AT_ONCE)
  let used = pool.length
  // Made in one piece: a string that grows by one character has to be flattened before a Map takes it as its key.
  const codes = Array.from({ length: ID_LENGTH }, () => 0)
  return () => {
    if (used === pool.length) {
      crypto.getRandomValues(pool)
      used = 0
    }
    for (let index = 0; index < ID_LENGTH; index++) {
      codes[index] = CODES[(pool[used] ?? 0) & 63] ?? 0
      // An id that was handed out leaves no trace here.
      pool[used++] = 0
    }
    return String.fromCharCode(...codes)
  }
}
