import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'
import { HOW_TO_INSTALL } from '../../support/find-browser.ts'

export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
]

/** Path of the browser that the global setup has found. */
export function browserPath(): string {
  const path = inject('browserPath')
  if (!path) throw new Error(HOW_TO_INSTALL)
  return path
}

/** Launches the browser that the global setup has found. */
export const launchChromium = async (): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath(), args: CHROMIUM_ARGS })
