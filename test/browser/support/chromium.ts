import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
]

/** The Chromium that the global setup has found. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: inject('browserPath'), args: CHROMIUM_ARGS })
