import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file))

/** From the ground up. A room may import from its own floor and from the floors it names. */
const FLOORS: { rooms: RegExp; below: RegExp }[] = [
  { rooms: /^wire\//, below: /^wire\// },
  { rooms: /^core\//, below: /^(wire|core)\// },
  { rooms: /^core\.ts$/, below: /^(wire|core)\// },
  { rooms: /^react\//, below: /^(core\.ts|react\/)/ },
  { rooms: /^(index\.ts)$/, below: /^(core\.ts|react\/)/ },
  { rooms: /^devtools(\.tsx|\/)/, below: /^(devtools\/|react\/|core\.ts)/ },
  {
    rooms: /^testing(\.ts|\/)/,
    below: /^(testing\/|core\.ts|core\/callbacks\.ts|wire\/session-info\.ts)/,
  },
  { rooms: /^msw(\.ts|\/)/, below: /^(msw\/|wire\/session-info\.ts)/ },
  { rooms: /^vite\.ts$/, below: /^server\.ts$/ },
  { rooms: /^web-engagement\.ts$/, below: /^$/ },
  { rooms: /^server(\.ts|\/)/, below: /^(server\/|wire\/session-info)/ },
  { rooms: /^cli(\.ts|\/)/, below: /^(cli\/|server\/|server\.ts|wire\/)/ },
]

const importsOf = (file: string) =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
    posix.normalize(posix.join(dirname(relative('.', file)).replaceAll('\\', '/'), path)),
  )

test.each(files)('%s imports only from its floor and below', (file) => {
  const floor = FLOORS.find(({ rooms }) => rooms.test(file))
  expect(floor, 'a room without a floor').toBeDefined()
  for (const path of importsOf(file)) expect(path).toMatch(floor?.below ?? /^$/)
})

test.each(files.filter((file) => /^core\/(?!session-client)/.test(file)))(
  '%s is handed what it works with, but for small parts that know nothing',
  (file) => {
    for (const [, room = ''] of readFileSync(join(src, file), 'utf8').matchAll(
      /^import (?!type )[^']* from '\.\/([^']+)'/gm,
    ))
      expect(room).toMatch(/^(attach|callbacks|page-watch|within)\.ts$/)
  },
)

test('nothing imports in a circle', () => {
  const isDone = new Set<string>()
  const visit = (file: string, path: string[]) => {
    expect(path, 'a circle').not.toContain(file)
    if (isDone.has(file)) return
    for (const next of importsOf(file)) if (files.includes(next)) visit(next, [...path, file])
    isDone.add(file)
  }
  for (const file of files) visit(file, [])
})

test('no part of the core imports TanStack or React, but for the client that makes one and the state that compares with it', () => {
  const allowed = ['core/session-client.ts', 'core/session-state.ts']
  for (const file of files.filter((name) => /^(core|wire)\//.test(name))) {
    const packages = [
      ...readFileSync(join(src, file), 'utf8').matchAll(/^import (?!type).* from '([^.'][^']*)'/gm),
    ]
    const names = packages.map(([, name]) => name)
    expect(names, file).toEqual(allowed.includes(file) ? ['@tanstack/query-core'] : [])
  }
})
