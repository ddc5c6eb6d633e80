#!/usr/bin/env node
import { createRequire } from 'node:module'
import { runDoctor } from './cli/doctor-command.ts'
import { runServe } from './cli/serve-command.ts'
import { runSessions } from './cli/sessions-command.ts'
import { UsageError } from './cli/usage-error.ts'

const HELP = `storefront-session: the Session Management API for storefronts

  storefront-session serve         run the API
  storefront-session doctor URL    examine a running one
  storefront-session sessions      find, export, erase and count stored sessions
  storefront-session --version     say which version this is

Each of these with --help tells more.
`

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  serve: runServe,
  doctor: runDoctor,
  sessions: runSessions,
}

/** Exit codes: 0 success, 1 failure or a fault that the doctor found, 2 a wrong command line (of sessions: 1). */
async function main([name = '', ...args]: string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command(args)
  if (name === '--version' || name === '-v') {
    // The manifest is beside `dist` in the package, as it is beside `src` in the repository.
    const manifest: { version: string } = createRequire(import.meta.url)('../package.json')
    process.stdout.write(`${manifest.version}\n`)
    return 0
  }
  const asked = ['', 'help', '--help', '-h'].includes(name)
  process[asked ? 'stdout' : 'stderr'].write(asked ? HELP : `Unknown command "${name}"\n\n${HELP}`)
  return asked && name ? 0 : 2
}

// The reader may have gone (`| head`, or a collector of logs that starts again), or the disk may be full. Without a
// listener Node would end with a stack trace, and the API with it. The exit code tells the failure.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    // One line: a stack trace does not help with a wrong command line or a store that is away.
    process.stderr.write(`storefront-session: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  },
)
