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
  { rooms: /^react\//, below: /^(core\.ts|core\/warnings\.ts|react\/)/ },
  { rooms: /^(index\.ts)$/, below: /^(core\.ts|react\/)/ },
  { rooms: /^devtools(\.tsx|\/)/, below: /^(devtools\/|react\/|core\.ts)/ },
  {
    rooms: /^testing(\.ts|\/)/,
    below: /^(testing\/|core\.ts|react\/session-provider|core\/(attach|events)|wire\/session-info\.ts)/,
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

/** Types may refer to each other; only values make a circle at run time. */
const valueImportsOf = (file: string) =>
  [
    ...readFileSync(join(src, file), 'utf8').matchAll(/^(?:import|export) (?!type )[^']*from '(\.[^']+)'/gm),
  ].map(([, path = '']) => posix.normalize(posix.join(dirname(file), path)))

test.each(files)('%s imports only from its floor and below', (file) => {
  const floor = FLOORS.find(({ rooms }) => rooms.test(file))
  expect(floor, 'a room without a floor').toBeDefined()
  for (const path of importsOf(file)) expect(path).toMatch(floor?.below ?? /^$/)
})

/** The rooms of the core from the top. What a room imports as a value stands on its own floor, in this order, or below. */
const CORE = [
  ['session-client'],
  ['session-assembly'],
  ['session-fetch'],
  ['page-life'],
  ['session-requests'],
  ['exchange'],
  ['lifecycle', 'looks', 'answers', 'identity', 'departure'],
  ['turn'],
  ['session-state'],
  ['next-request'],
  ['associations', 'stored-session'],
  ['session'],
  ['attached-request', 'attach-rule', 'session-cache', 'events', 'cookie-storage'],
  ['options', 'option-checks'],
  [
    'persistence',
    'tab-lock',
    'tab-channel',
    'page-watch',
    'erasing',
    'back-off',
    'browser-environment',
    'environment',
  ],
  ['session-client-type', 'uncaught', 'warnings'],
].flat()
const valuesOf = (file: string) =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/^import (?!type )[^']* from '\.\/([^']+)\.ts'/gm)].map(
    ([, room = '']) => room,
  )
const rooms = files.filter((file) => /^core\//.test(file)).map((file) => file.slice(5, -3))

test('the core has the rooms of its picture', () => {
  expect(rooms.toSorted()).toEqual(CORE.toSorted())
})

test.each(rooms)('core/%s imports values only downwards', (room) => {
  for (const other of valuesOf(`core/${room}.ts`))
    expect(CORE.indexOf(other), other).toBeGreaterThan(CORE.indexOf(room))
})

test.each(rooms)('core/%s changes the record only on the floor of the transitions and below', (room) => {
  const isBelow = CORE.indexOf(room) >= CORE.indexOf('lifecycle')
  const text = readFileSync(join(src, `core/${room}.ts`), 'utf8')
  const writes = text.match(/\b(session|record)\.\w+(?: [-+|&?]{0,2}= |\+\+|--)/g) ?? []
  if (!isBelow) expect(writes).toEqual([])
})

test('nothing imports in a circle', () => {
  const isDone = new Set<string>()
  const visit = (file: string, path: string[]) => {
    expect(path, 'a circle').not.toContain(file)
    if (isDone.has(file)) return
    for (const next of valueImportsOf(file)) if (files.includes(next)) visit(next, [...path, file])
    isDone.add(file)
  }
  for (const file of files) visit(file, [])
})

test('no part of the core imports TanStack or React, but for the assembly that makes one and the state that compares with it', () => {
  const allowed = ['core/session-assembly.ts', 'core/session-state.ts']
  for (const file of files.filter((name) => /^(core|wire)\//.test(name))) {
    const packages = [
      ...readFileSync(join(src, file), 'utf8').matchAll(/^import (?!type).* from '([^.'][^']*)'/gm),
    ]
    const names = packages.map(([, name]) => name)
    expect(names, file).toEqual(allowed.includes(file) ? ['@tanstack/query-core'] : [])
  }
})
