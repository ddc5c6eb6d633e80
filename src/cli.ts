#!/usr/bin/env node
import { createRequire } from 'node:module'
import { runDoctor } from './cli/doctor-command.ts'
import { runServe } from './cli/serve-command.ts'
import { UsageError } from './cli/usage-error.ts'

const HELP = `storefront-session: the Session Management API for storefronts

  storefront-session serve         run the API
  storefront-session doctor URL    examine a running one
  storefront-session --version     say which version this is

"storefront-session serve --help" and "storefront-session doctor --help" tell more.
`

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = { serve: runServe, doctor: runDoctor }

/** Exit codes: 0 all well, 1 it failed or the doctor found a fault, 2 the command line is wrong. */
async function main([name = '', ...args]: string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command(args)
  if (name === '--version' || name === '-v') {
    // The manifest stands beside `dist` in the package, as beside `src` in the repository.
    const manifest: { version: string } = createRequire(import.meta.url)('../package.json')
    process.stdout.write(`${manifest.version}\n`)
    return 0
  }
  const asked = ['', 'help', '--help', '-h'].includes(name)
  process[asked ? 'stdout' : 'stderr'].write(asked ? HELP : `Unknown command "${name}"\n\n${HELP}`)
  return asked && name ? 0 : 2
}

// Where the reader has gone (`| head`, or a collector of logs, perhaps to be started again) or the disk is full, nobody
// is left to tell: without a listener Node would end with a stack trace, and the API with it. The exit code says the rest.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    // One line: what is wrong with the command line or the surroundings is no matter of stack traces.
    process.stderr.write(`storefront-session: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  },
)
