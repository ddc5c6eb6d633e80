// The subjects of `bench:browser`, each bundled into a page of its own, and once more for StrictMode.
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'
import { named } from './peers.mjs'

/** [title, file in pages/visitors, what it exports] */
export const VISITORS = {
  ours: ['**storefront-session**', 'ours', 'createVisitor'],
  'ours-client': ["**storefront-session**, `create: 'client'`", 'ours', 'createOwnVisitor'],
  query: [`${named('@tanstack/react-query')}, a hook by hand`, 'query', 'createVisitor'],
  seeded: ['the same, stored id as `initialData`', 'query', 'createSeededVisitor'],
  'next-auth': [named('next-auth'), 'next-auth', 'createVisitor'],
  'better-auth': [named('better-auth'), 'better-auth', 'createVisitor'],
  faststore: [named('@faststore/sdk'), 'faststore', 'createVisitor'],
  supabase: [named('@supabase/auth-js'), 'supabase', 'createVisitor'],
  posthog: [named('posthog-js'), 'posthog', 'createVisitor'],
}

const pages = fileURLToPath(new URL('../pages', import.meta.url))
/** The clock starts with the first statement of the script. */
const banner = { js: 'globalThis.begin = performance.now();' }

/** Page name to script: `/NAME`, and `/NAME-strict` with a development React in StrictMode. */
export async function bundleVisitors(names = Object.keys(VISITORS)) {
  const scripts = {}
  for (const name of names) {
    const [, file, create] = VISITORS[name]
    for (const isStrict of [false, true]) {
      const source = `import { visit } from ${JSON.stringify(`${pages}/visit.jsx`)}
import { ${create} } from ${JSON.stringify(`${pages}/visitors/${file}.jsx`)}
visit(${create}, ${isStrict})`
      scripts[isStrict ? `${name}-strict` : name] = await bundle(source, {
        format: 'iife',
        banner,
        define: {
          'process.env.NODE_ENV': isStrict ? '"development"' : '"production"',
          // What Next.js puts in for next-auth.
          'process.env.NEXTAUTH_URL': 'undefined',
          'process.env.NEXTAUTH_URL_INTERNAL': 'undefined',
          'process.env.VERCEL_URL': 'undefined',
        },
      })
    }
  }
  return scripts
}
