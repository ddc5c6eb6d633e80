/**
 * Loads the npm package that a store runs on, when the store is made and not before: whoever imports
 * `storefront-session/server` for another store needs no database package. `getBuiltinModule` keeps the import
 * of a Node module out of the module graph, so that bundlers and runtimes without Node can load the entry.
 *
 * @throws Error that says what to install
 */
export function loadDriver(store: string, name: string, range: string): unknown {
  const { createRequire } = process.getBuiltinModule('node:module')
  try {
    return createRequire(import.meta.url)(name)
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND'
    throw new Error(
      missing
        ? `${store} runs on the npm package "${name}", which is not installed: npm install ${name}@${range}`
        : `${store} could not load the npm package "${name}"`,
      { cause },
    )
  }
}
