import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a Chromium, Chrome or Edge; empty where the machine has none. */
    browserPath: string
  }
}

/** How a developer gets a browser for the tests. */
export const HOW_TO_INSTALL = `The browser tests need Chromium, Chrome or Edge, and this machine has none in the usual places. Do one of these:
  apt-get install chromium               Debian and Ubuntu, as root
  npx playwright-core install chromium   any system, without root
  CHROMIUM_PATH=/path/to/chromium        a browser in another place
  INSTALL_CHROMIUM=1 npm test            lets the tests run the first or the second command`

/** What the search looks at and acts on. */
export interface Machine {
  env: Record<string, string | undefined>
  isRoot: boolean
  exists(path: string): boolean
  /** Runs a command line. Throws if it fails. */
  run(command: string): void
  say(line: string): void
}

/** Global setup of the browser tests: finds their browser. */
export default function setup(project: Pick<TestProject, 'provide'>): void {
  const machine: Machine = {
    env: process.env,
    isRoot: process.getuid?.() === 0,
    exists: existsSync,
    run: (command) => void execSync(command, { stdio: 'ignore' }),
    say: console.log,
  }
  project.provide('browserPath', browserOf(machine) ?? '')
}

/**
 * The path of a browser, or undefined if there is none. Installs Chromium only in CI or with INSTALL_CHROMIUM=1, and
 * says so.
 *
 * @throws Error if CHROMIUM_PATH names no file, or if the installation fails
 */
export function browserOf(machine: Machine): string | undefined {
  const { env, exists } = machine
  const chosen = env.CHROMIUM_PATH
  if (chosen) {
    if (exists(chosen)) return chosen
    throw new Error(`CHROMIUM_PATH names no file: ${chosen}`)
  }
  const places = knownPlaces(env)
  const found = places.find(exists)
  if (found || !(isOn(env.CI) || isOn(env.INSTALL_CHROMIUM))) return found
  install(machine)
  return places.find(exists)
}

const isOn = (value: string | undefined) => value === 'true' || value === '1'

function install({ env, isRoot, exists, run, say }: Machine): void {
  const commands =
    isRoot && exists('/usr/bin/apt-get')
      ? ['apt-get update', 'apt-get install -y chromium']
      : ['npx playwright-core install chromium']
  const permission = isOn(env.INSTALL_CHROMIUM) ? 'INSTALL_CHROMIUM is set' : 'CI is set'
  say(`No Chromium found, and ${permission}: running ${commands.join(' && ')}`)
  try {
    for (const command of commands) run(command)
  } catch (cause) {
    throw new Error(`Chromium could not be installed by ${commands.join(' && ')}`, { cause })
  }
}

function knownPlaces(env: Machine['env']): string[] {
  const windowsPrograms = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe']
  return [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/microsoft-edge',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ...[env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].flatMap((folder) =>
      folder ? windowsPrograms.map((program) => join(folder, program)) : [],
    ),
    chromium.executablePath(),
  ]
}
