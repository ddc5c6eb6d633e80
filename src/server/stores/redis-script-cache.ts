import type { RedisClient } from './redis-client.ts'

/** Runs scripts by their SHA-1, so that their text goes over the wire only where a server does not know it yet. */
export function createScripts(client: RedisClient) {
  const { createHash } = process.getBuiltinModule('node:crypto')
  const hashes = new Map<string, string>()
  const hashOf = (script: string): string => {
    const known = hashes.get(script)
    if (known) return known
    const hash = createHash('sha1').update(script).digest('hex')
    hashes.set(script, hash)
    return hash
  }
  return {
    run: (script: string, keys: string[], parameters: string[]): Promise<unknown> =>
      client.evalsha(hashOf(script), keys.length, ...keys, ...parameters).catch((error: unknown) => {
        // A Redis that was restarted, or a node that is new in the cluster, has not seen the script yet.
        if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
          return client.eval(script, keys.length, ...keys, ...parameters)
        throw error
      }),
  }
}
