import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

/**
 * `parseArgs` of Node, with short errors.
 *
 * @throws UsageError with one line that names the flag
 */
export function readFlags<Config extends ParseArgsConfig>(
  command: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(
      `${explain(String(error instanceof Error ? error.message : error))} (see ${command} --help)`,
    )
  }
}

function explain(message: string): string {
  const [, flag] = /^Option '(\S+)' argument is ambiguous/.exec(message) ?? []
  if (flag) return `${flag} has no value; one that begins with a dash is written ${flag}=VALUE`
  return message.split(/\.\s/)[0] ?? message
}
