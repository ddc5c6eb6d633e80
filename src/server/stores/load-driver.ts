/**
 * Loads the npm package that a store runs on, when the store is made and not before: an app that imports
 * `storefront-session/server` for another store needs no database package. `getBuiltinModule` keeps the import
 * of a Node module out of the module graph, so that bundlers and runtimes without Node can load the entry.
 *
 * The package is looked up beside this one, then from the working directory: a command that `npx` runs stands in a
 * folder of npm's cache, and the user installs the driver where the command is typed.
 *
 * @throws Error that says what to install, or why the package could not be loaded
 */
export function loadDriver(store: string, name: string, range: string): unknown {
  const { createRequire } = process.getBuiltinModule('node:module')
  const { join } = process.getBuiltinModule('node:path')
  // The name of a file that need not exist: only its folder counts.
  for (const from of [import.meta.url, join(process.cwd(), 'index.js')]) {
    const require = createRequire(from)
    if (!canResolve(require, name)) continue
    try {
      return require(name)
    } catch (cause) {
      // Node's message goes on with the stack of the files that asked for it.
      const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n')
      throw new Error(`${store} could not load the npm package "${name}": ${reason}`, { cause })
    }
  }
  throw new Error(
    `${store} runs on the npm package "${name}", which is not installed: npm install ${name}@${range}`,
  )
}

function canResolve(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    // Not installed here.
    return false
  }
}
