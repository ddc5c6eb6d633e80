/** Where Redis is, taken from one URL. */
export interface RedisAddress {
  kind: 'single' | 'cluster' | 'sentinel'
  /** At least one. Some nodes of a cluster, or some of the sentinels, suffice. */
  nodes: { host: string; port: number }[]
  username?: string
  password?: string
  tls: boolean
  /** Number of the database; 0 in a cluster. */
  db: number
  /** Name of the master that the sentinels watch. */
  masterName?: string
}

const PORT = 6379
const SENTINEL_PORT = 26379

const PATTERN =
  /^redis(?<tls>s?)(?:\+(?<kind>cluster|sentinel))?:\/\/(?:(?<user>[^@/]*)@)?(?<nodes>[^@/?#]+)(?:\/(?<path>[^/?#]*))?$/

/**
 * Reads `redis://user:password@host:port/db`, `redis+cluster://host:port,host:port` and
 * `redis+sentinel://host:port,host:port/name`; with `rediss` for TLS.
 *
 * @throws TypeError whose message does not repeat the URL, because it may hold a password
 */
export function parseRedisUrl(url: string): RedisAddress {
  const { tls, kind = 'single', user = '', nodes = '', path = '' } = PATTERN.exec(url)?.groups ?? {}
  const isSentinel = kind === 'sentinel'
  const [username, password] = credentials(user)
  const address: RedisAddress = {
    kind: kind === 'cluster' || isSentinel ? kind : 'single',
    nodes: nodes.split(',').map((node) => parseNode(node, isSentinel ? SENTINEL_PORT : PORT)),
    tls: tls === 's',
    db: isSentinel || !path ? 0 : Number(path),
    ...(username && { username }),
    ...(password && { password }),
    ...(isSentinel && { masterName: path }),
  }
  const countFits = address.kind !== 'single' || address.nodes.length === 1
  const pathFits = isSentinel
    ? path
    : Number.isSafeInteger(address.db) && (kind === 'single' || address.db === 0)
  if (!countFits || !pathFits) throw malformed()
  return address
}

function parseNode(text: string, defaultPort: number): { host: string; port: number } {
  const [, bracketed, plain, port = String(defaultPort)] =
    /^(?:\[([\da-f:]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  if (!host || Number(port) > 65_535) throw malformed()
  return { host, port: Number(port) }
}

const credentials = (text: string): string[] => {
  const colon = text.indexOf(':')
  const parts = colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)]
  return parts.map(decode)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // The error of the platform says only 'URI malformed'.
    throw new TypeError('The user and the password in the Redis URL must be percent-encoded: write %25 for %')
  }
}

const malformed = () =>
  new TypeError(
    'The Redis URL must look like redis://host:port/db, redis+cluster://host:port,host:port or redis+sentinel://host:port/master-name',
  )
