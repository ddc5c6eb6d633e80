import type { Writable } from 'node:stream'

/** Writes one event; no line has an id, a header or a body. */
export type Log = (event: string, fields: object) => void

/** How much may wait for a slow reader: some ten thousands of lines. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

/** The log of `serve`: one JSON object a line. The server goes on, whatever the reader of the log does. */
export function openLog(output: Writable): Log {
  return (event, fields) => {
    // A reader that hangs must not fill the memory, so this line is lost.
    if (output.writableLength > MAX_WAITING_BYTES) return
    output.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`)
  }
}
