import type { RedisClient, RedisNode } from './redis-client.ts'

/** A server that holds sessions. */
export interface RedisMaster extends Omit<RedisNode, 'options'> {
  /** Host and port of a node of a cluster; empty for the one server of another client. */
  address: string
}

/**
 * The servers that hold sessions, in the order of their addresses.
 *
 * @throws Error where a cluster has told of none yet
 */
export function mastersOf(client: RedisClient): RedisMaster[] {
  const nodes = client.nodes?.('master')
  if (!nodes) return [{ address: '', scan: client.scan.bind(client), info: client.info.bind(client) }]
  if (!nodes.length) throw new Error('No node of the Redis cluster is known yet')
  return nodes
    .map((node) => ({
      address: `${node.options.host ?? ''}:${node.options.port ?? ''}`,
      scan: node.scan.bind(node),
      info: node.info.bind(node),
    }))
    .sort((one, other) => (one.address < other.address ? -1 : 1))
}
