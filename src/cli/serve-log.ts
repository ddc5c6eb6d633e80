import type { Writable } from 'node:stream'

/** Writes one event; no line has an id, a header or a body. */
export type Log = (event: string, fields: object) => void

/** What may wait for a reader that is slow: some ten thousands of lines. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

/** The log of `serve`: one JSON object a line. Whatever its reader does, the server goes on. */
export function openLog(output: Writable): Log {
  return (event, fields) => {
    // Lines that a hanging reader does not take must not fill the memory: what comes now is lost.
    if (output.writableLength > MAX_WAITING_BYTES) return
    output.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`)
  }
}
