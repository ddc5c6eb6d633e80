import { describe, expect, test } from 'vitest'
import { forwardedAddress, networkOf } from '../../src/server/peer-address.ts'

describe('the network of an address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  test.each([
    '',
    'unknown',
    '_hidden',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.1.1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::1',
    ':1',
    '1.2.3.4:5:6',
    ':::',
  ])('%j is no address', (text) => {
    expect(networkOf(text)).toBeUndefined()
  })
})

describe('the forwarded address', () => {
  const chain = '203.0.113.9, 198.51.100.7,192.0.2.1'
  test.each([
    [0, undefined],
    [1, '192.0.2.1'],
    [2, '198.51.100.7'],
    [3, '203.0.113.9'],
    [4, '203.0.113.9'],
  ])('that %i hops from the right stand for', (hops, address) => {
    expect(forwardedAddress(chain, hops)?.trim()).toBe(address)
  })

  test('is unknown without the header', () => {
    expect(forwardedAddress(null, 1)).toBeUndefined()
    expect(forwardedAddress('', 1)).toBeUndefined()
  })
})
