import Database from 'libsql'

/**
 * Lets a session expire now, as it does after thirty idle days: the API knows it no longer, and makes it again when
 * a client brings the id back.
 */
export function createSessionLoser(path: string) {
  const database = new Database(path, { timeout: 2_000 })
  const expire = database.prepare('UPDATE sessions SET expires_at = 0 WHERE session_id = ?')
  return {
    /** Whether there was such a session. */
    lose: (sessionId: string): boolean => expire.run(sessionId).changes > 0,
    close: () => database.close(),
  }
}
