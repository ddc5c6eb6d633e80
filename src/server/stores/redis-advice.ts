import type { RedisMaster } from './redis-nodes.ts'

/** What in the settings of these servers puts sessions at risk, one sentence each. Empty where it may not be read. */
export async function adviseOn(masters: RedisMaster[]): Promise<string[]> {
  const advice = await Promise.all(masters.map(adviseOnOne))
  return advice.flat()
}

async function adviseOnOne({ address, info }: RedisMaster): Promise<string[]> {
  let told: string
  try {
    told = `${await info('memory')}${await info('persistence')}`
  } catch {
    // The user may not read this, or Redis went away, which the next operation reports.
    return []
  }
  const redis = address ? `Redis at ${address}` : 'Redis'
  const policy = /^maxmemory_policy:(\S+)/m.exec(told)?.[1]
  return [
    ...(policy && policy !== 'noeviction'
      ? [
          `${redis} has maxmemory-policy ${policy}: when memory is full, it removes sessions before their time. Set it to noeviction.`,
        ]
      : []),
    ...(/^aof_enabled:0/m.test(told)
      ? [
          `${redis} keeps no append-only file: a crash loses all sessions since its last snapshot. Set appendonly to yes.`,
        ]
      : []),
  ]
}
