// Bytes: what each entry of ours and each peer adds to a storefront's bundle, and that an export which is
// not used costs nothing.
//
//   npm run bench:size [-- --write]
import { readFileSync } from 'node:fs'
import { brotli, bundle, bundleWithFiles } from './support/bundle.mjs'
import { named } from './support/peers.mjs'
import { goal, publish, table } from './support/report.mjs'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const ALL = 'SessionProvider, useSession, useAssociate, useSessionFetch'

const OUR_NAME = '**storefront-session**'

/** [package, what it is, what is imported] */
const OURS = [
  [OUR_NAME, 'provider, hooks, client, middleware', `export { ${ALL} } from 'storefront-session'`],
  [OUR_NAME, 'core: client and middleware', `export { createSessionClient } from 'storefront-session/core'`],
  [OUR_NAME, 'web-engagement', `export { readVisitIds } from 'storefront-session/web-engagement'`],
  [
    OUR_NAME,
    'devtools (only where imported)',
    `export { SessionDevtools } from 'storefront-session/devtools'`,
  ],
  [
    OUR_NAME,
    'testing, test session (no production code)',
    `export { createTestSession } from 'storefront-session/testing'`,
  ],
]
const PEERS = [
  [named('next-auth'), 'provider, hook', `export { SessionProvider, useSession } from 'next-auth/react'`],
  [named('better-auth'), 'client, hook', `export { createAuthClient } from 'better-auth/react'`],
  [
    named('@faststore/sdk'),
    'session store; the hook that its storefronts write themselves',
    `import { useSyncExternalStore } from 'react'
    export { createSessionStore } from '@faststore/sdk'
    export const useStore = (store) => useSyncExternalStore(store.subscribe, store.read, store.readInitial)`,
  ],
  [
    named('@commercetools/ts-client'),
    'client, anonymous session and http middleware',
    `export { ClientBuilder } from '@commercetools/ts-client'`,
  ],
  [
    `${named('react-oidc-context')}, ${named('oidc-client-ts')}`,
    'provider, hook, client',
    `export { AuthProvider, useAuth } from 'react-oidc-context'`,
  ],
  [named('@supabase/auth-js'), 'client', `export { AuthClient } from '@supabase/auth-js'`],
  [named('posthog-js'), 'client', `export { posthog } from 'posthog-js'`],
]
const ENTRIES = Object.keys(manifest.exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => path.replace('.', manifest.name))

const kB = (bytes) => (bytes / 1000).toFixed(2)
const bytes = async (source, without) => brotli(await bundle(source, { without }))
const bare = (source) => bundleWithFiles(source, { without: ['framework', 'query'] })

const rows = []
for (const [name, what, source] of [...OURS, ...PEERS])
  rows.push({
    name,
    what,
    alone: await bytes(source, ['framework', 'query']),
    withQuery: await bytes(source, ['framework']),
  })

const exports = []
const stuck = []
for (const entry of ENTRIES) {
  const names = (await bare(`export * from '${entry}'`)).exports
  const importing = (some) => `export { ${some.join(', ')} } from '${entry}'`
  const whole = (await bare(importing(names))).text.length
  const alone = new Map()
  for (const name of names) alone.set(name, await bare(importing([name])))
  exports.push([entry, '(none)', (await bare(`import '${entry}'; `)).text.trim().length, '', ''])
  for (const [name, { text, files }] of alone) {
    const others = names.filter((other) => other !== name)
    const dropped = whole - (await bare(importing(others))).text.length
    const sharing = others.filter((other) => [...files].every((file) => alone.get(other).files.has(file)))
    exports.push([entry, name, brotli(text), dropped, sharing.join(', ')])
    // An export list names it once, and that much goes in any case.
    if (!sharing.length && dropped <= name.length + 10) stuck.push(name)
  }
}

const [ours] = rows
const smallest = rows
  .filter(({ name }) => name !== OUR_NAME)
  .reduce((least, row) => (row.alone < least.alone ? row : least))
publish('size', [
  'kB (1,000 bytes) of a module that exports what the second column names: bundled, tree-shaken and minified by esbuild for ES2022, then brotli at its highest quality; React is left out of every row. "Bare" leaves TanStack Query out too: a storefront that uses it has it already. Of the peers none needs it.',
  table(
    ['package', 'what', 'bare', 'with TanStack Query'],
    rows.map(({ name, what, alone, withQuery }) => [name, what, kB(alone), kB(withQuery)]),
  ),
  [
    goal(`all four exports in at most 9.50 kB bare: ${kB(ours.alone)}`, ours.alone <= 9500),
    goal(
      `smaller than every peer, bare: ${kB(ours.alone)} against ${kB(smallest.alone)} of ${smallest.name}`,
      ours.alone < smallest.alone,
    ),
    goal(
      `an export that nobody uses takes its bytes with it${stuck.map((name) => `, but ${name}`).join('')}`,
      !stuck.length,
    ),
  ].join('\n'),
  'What an export costs. "Alone": brotli bytes where it is the only one imported. "Dropped": minified bytes that leave the bundle of all exports of its entry when it is not imported; where others use the same files only its name can leave, and they are named.',
  table(['entry', 'export', 'alone', 'dropped', 'others that use its files'], exports),
])
