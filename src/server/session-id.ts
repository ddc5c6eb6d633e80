import { PROBE_ID } from './session-store.ts'

/** 6 bits a character, 144 in all: more than the 128 that make guessing hopeless. */
const ID_LENGTH = 24
/** Random bytes are fetched for so many ids at once: one system call for each id costs as much as an answer. */
const IDS_AT_ONCE = 128
/** Codes of 64 characters that need no escape in a URL: the lower 6 bits of a random byte choose one, none more often. */
const CODES = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  (character) => character.charCodeAt(0),
)

/** The shape of the ids that our server makes and accepts. */
export const isServerSessionId = (value: string): boolean => /^[A-Za-z0-9_-]{16,128}$/.test(value)

/** Whether a visitor may have this id: the id of the health check belongs to none. */
export const isVisitorSessionId = (value: string): boolean => isServerSessionId(value) && value !== PROBE_ID

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
      // The pool must not keep the bytes of an id that is in use.
      pool[used++] = 0
    }
    return String.fromCharCode(...codes)
  }
}
