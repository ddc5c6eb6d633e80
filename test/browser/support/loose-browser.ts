import { once } from 'node:events'
import type { LooseBrowser } from './engine.ts'
import { killGroup, spawnGroup } from './process-group.ts'

export async function startLooseBrowser(
  command: string,
  args: string[],
  env?: Record<string, string>,
): Promise<LooseBrowser> {
  const browser = spawnGroup(command, args, env)
  await once(browser, 'spawn')
  return { kill: () => killGroup(browser) }
}
