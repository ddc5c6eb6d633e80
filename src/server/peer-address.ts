/** What one client is counted by: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(address: string): string | undefined {
  const bare = withoutPort(address.trim())
  if (isIpv4(bare)) return bare
  const groups = parseIpv6(bare.replace(/%.*/s, ''))
  if (!groups) return undefined
  // ::ffff:192.0.2.1: Node writes IPv4 clients so on a socket that takes both.
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return ipv4Of(groups[6] ?? 0, groups[7] ?? 0)
  // Each customer of a provider has at least a /64, and may change the rest at will.
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/**
 * The address that the `hops`-th proxy from our side wrote down: the first entry of `X-Forwarded-For` that none of
 * our own proxies vouches for. Fewer entries than hops mean that a proxy was passed by: the leftmost one counts then.
 */
export function forwardedAddress(header: string | null | undefined, hops: number): string | undefined {
  if (!header || hops < 1) return undefined
  const entries = header.split(',')
  return entries[Math.max(0, entries.length - hops)]
}

/** Some proxies write the port behind the address: `192.0.2.1:1234`, `[2001:db8::1]:1234`. */
function withoutPort(address: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(address) ?? []
  return bracketed ?? address.replace(/^([\d.]+):\d+$/, '$1')
}

const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255)

const ipv4Of = (high: number, low: number): string =>
  [high >> 8, high & 255, low >> 8, low & 255].map(String).join('.')

/** The eight groups of an IPv6 address; undefined for any other text. */
function parseIpv6(text: string): number[] | undefined {
  const tail = /[^:]*$/.exec(text)?.[0] ?? ''
  if (isIpv4(tail)) {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number)
    const groups = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    return parseIpv6(text.slice(0, -tail.length) + groups)
  }
  const [head = '', rest, ...more] = text.split('::')
  if (more.length) return undefined
  const left = groupsOf(head)
  const right = groupsOf(rest ?? '')
  if (!left || !right) return undefined
  const missing = 8 - left.length - right.length
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined
  return [...left, ...Array.from({ length: missing }, () => 0), ...right]
}

function groupsOf(text: string): number[] | undefined {
  if (!text) return []
  const groups = text.split(':')
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined
  return groups.map((group) => Number.parseInt(group, 16))
}
