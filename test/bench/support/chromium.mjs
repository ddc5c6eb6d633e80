// The browser of the tests, headless.
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { runnerImport } from 'vite'

const finder = fileURLToPath(new URL('../../support/find-browser.ts', import.meta.url))

/** Launches the browser. Close it in a `finally`. */
export async function launch(...args) {
  const { module } = await runnerImport(finder, { logLevel: 'error' })
  let executablePath
  module.default({ provide: (_, path) => (executablePath = path) })
  if (!executablePath) throw new Error(module.HOW_TO_INSTALL)
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...args] })
}

/** Bytes in use on the JavaScript heap after a full collection. */
export async function heapOf(page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  return usedSize
}
