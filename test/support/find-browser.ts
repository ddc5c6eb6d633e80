import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    browserPath: string
  }
}

const { LOCALAPPDATA = '', PROGRAMFILES = '', 'PROGRAMFILES(X86)': PROGRAMFILES_X86 = '' } = process.env
const windowsPrograms = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe']
const KNOWN_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...[PROGRAMFILES, PROGRAMFILES_X86, LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((folder) => windowsPrograms.map((program) => join(folder, program))),
]

/** Gives the browser tests a Chromium, installing one where none is found. */
export default function setup(project: TestProject): void {
  project.provide('browserPath', findBrowser() ?? installBrowser())
}

function findBrowser(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen) {
    if (existsSync(chosen)) return chosen
    throw new Error(`CHROMIUM_PATH names no file: ${chosen}`)
  }
  return [...KNOWN_PLACES, chromium.executablePath()].find((path) => existsSync(path))
}

function installBrowser(): string {
  const asDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  const commands = asDebianRoot
    ? ['apt-get update', 'apt-get install -y chromium']
    : ['npx playwright-core install chromium']
  try {
    // A shell, because on Windows `npx` is a script; the commands are the constants above.
    for (const command of commands) execFileSync(command, { shell: true, stdio: 'ignore' })
  } catch (cause) {
    throw new Error('No browser: install Chromium, Chrome or Edge, or set CHROMIUM_PATH', { cause })
  }
  const found = findBrowser()
  if (!found) throw new Error('No browser: install Chromium, Chrome or Edge, or set CHROMIUM_PATH')
  return found
}
