import { expect, test } from 'vitest'
import { browserOf, type Machine } from './find-browser.ts'

/** A machine with these files, on which apt-get installs /usr/bin/chromium. */
function machineWith(files: string[], more: Partial<Machine> = {}) {
  const log: string[] = []
  const machine: Machine = {
    env: {},
    isRoot: true,
    exists: (path) => files.includes(path),
    run(command) {
      log.push(`ran ${command}`)
      if (command.startsWith('apt-get install')) files.push('/usr/bin/chromium')
    },
    say: (line) => log.push(line),
    ...more,
  }
  return { machine, log }
}

test('the browser tests use a browser that is there, and install nothing', () => {
  const { machine, log } = machineWith(['/usr/bin/google-chrome'], { env: { CI: 'true' } })
  expect(browserOf(machine)).toBe('/usr/bin/google-chrome')
  expect(log).toEqual([])
})

test('CHROMIUM_PATH wins, and has to name a file', () => {
  const env = { CHROMIUM_PATH: '/opt/chromium' }
  expect(browserOf(machineWith(['/usr/bin/chromium', '/opt/chromium'], { env }).machine)).toBe(
    '/opt/chromium',
  )
  expect(() => browserOf(machineWith(['/usr/bin/chromium'], { env }).machine)).toThrow(
    'CHROMIUM_PATH names no file: /opt/chromium',
  )
})

test('without permission the browser tests install nothing, not even as root', () => {
  const { machine, log } = machineWith(['/usr/bin/apt-get'])
  expect(browserOf(machine)).toBeUndefined()
  expect(log).toEqual([])
})

test.each([
  [{ CI: 'true' }, 'CI is set'],
  [{ INSTALL_CHROMIUM: '1' }, 'INSTALL_CHROMIUM is set'],
])('with %o the browser tests say that they install Chromium, and install it', (env, permission) => {
  const { machine, log } = machineWith(['/usr/bin/apt-get'], { env })
  expect(browserOf(machine)).toBe('/usr/bin/chromium')
  expect(log).toEqual([
    `No Chromium found, and ${permission}: running apt-get update && apt-get install -y chromium`,
    'ran apt-get update',
    'ran apt-get install -y chromium',
  ])
})

test('without root the browser tests install the Chromium of Playwright', () => {
  const { machine, log } = machineWith([], { env: { CI: 'true' }, isRoot: false })
  expect(browserOf(machine)).toBeUndefined()
  expect(log.at(-1)).toBe('ran npx playwright-core install chromium')
})

test('a failed installation names its commands', () => {
  const run = () => {
    throw new Error('offline')
  }
  const { machine } = machineWith([], { env: { CI: 'true' }, run, isRoot: false })
  expect(() => browserOf(machine)).toThrow(
    'Chromium could not be installed by npx playwright-core install chromium',
  )
})
