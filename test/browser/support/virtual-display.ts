import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { within } from './bounded.ts'
import { killGroup, spawnGroup } from './process-group.ts'

/** A screen for browsers that have no headless mode. */
export interface VirtualDisplay {
  /** For the environment variable DISPLAY. */
  name: string
  close(): Promise<void>
}

/** Xvfb itself takes a display that is free, and says which. */
export async function openVirtualDisplay(): Promise<VirtualDisplay> {
  const xvfb = spawnGroup('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'])
  try {
    return { name: `:${await within(10_000, numberOf(xvfb))}`, close: () => killGroup(xvfb) }
  } catch (cause) {
    await killGroup(xvfb)
    throw new Error('Xvfb did not start', { cause })
  }
}

const numberOf = (xvfb: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    xvfb.once('error', reject)
    const out = xvfb.stdio[3] as Readable // a pipe, by spawnGroup
    out.once('data', (data) => resolve(String(data).trim()))
  })
