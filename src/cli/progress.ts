/** Where progress is written: stderr, or what stands for it. */
export interface ProgressOutput {
  isTTY?: boolean | undefined
  write(text: string): unknown
}

/** The progress of one long work. */
export interface Progress {
  /** Says how much is done; draws only from time to time. */
  show(done: number): void
  /** Removes the bar from a terminal. */
  end(): void
}

/** Work that takes less draws nothing. */
const QUIET_MS = 500
const TERMINAL_MS = 100
/** A log gets a line from time to time. */
const LINE_MS = 10_000
const WIDTH = 30
const CLEAR_LINE = '\r\x1b[K'

/**
 * Draws a bar on a terminal, or writes a line every ten seconds elsewhere. Without a `total` the bar is a count.
 *
 * @param what names what is counted, such as "sessions read"
 */
export function createProgress(
  what: string,
  total: number | undefined,
  output: ProgressOutput = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  let next = now() + (output.isTTY ? QUIET_MS : LINE_MS)
  let isDrawn = false
  return {
    show: (done) => {
      if (now() < next) return
      next = now() + (output.isTTY ? TERMINAL_MS : LINE_MS)
      const text = `${bar(done, total)}${done.toLocaleString('en-US')} ${what}`
      output.write(output.isTTY ? CLEAR_LINE + text : `${text}\n`)
      isDrawn = true
    },
    end: () => {
      if (isDrawn && output.isTTY) output.write(CLEAR_LINE)
    },
  }
}

function bar(done: number, total: number | undefined): string {
  if (!total) return ''
  // Sessions that are made meanwhile are not in the total.
  const part = Math.min(done / total, 1)
  const full = Math.round(part * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${String(Math.floor(part * 100)).padStart(3)} %  `
}
