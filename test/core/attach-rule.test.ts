import { describe, expect, test } from 'vitest'
import { createAttachRule, parseUrl } from '../../src/core/attach-rule.ts'
import { addressOf, withParameter } from '../../src/core/attached-request.ts'

const HERE = 'https://shop.example/help/faq?q=1'
/** The URL of a request that gets the id. */
const ruleFor = (to: string[], href: () => string | undefined = () => HERE) => {
  const rule = createAttachRule({ to }, '/unused', href)
  return (input: RequestInfo | URL) => {
    const url = parseUrl(addressOf(input), href())
    return url && rule(url, 'GET') === 'attach' ? url : undefined
  }
}

describe('where the id may go', () => {
  test.each([
    ['/api/orders', 'https://shop.example/api/orders'],
    ['orders', 'https://shop.example/help/orders'],
    ['https://pay.example:8443/v2/charge?x=1', 'https://pay.example:8443/v2/charge?x=1'],
    ['//shop.example/api', 'https://shop.example/api'],
  ])('a request to %s matches one of several places', (address, href) => {
    const rule = ruleFor(['/api/', '/help', 'https://pay.example:8443/v2//'])
    expect(rule(address)?.href).toBe(href)
  })

  test.each([
    ['another scheme', 'xhttp://host/api', 'xhttp://host/'],
    ['a look-alike path', '/apis', '/api'],
    ['another port', 'https://shop.example:444/api', '/api'],
    ['what is no address', 'https://', '/'],
  ])('%s is another place', (_, address, place) => {
    expect(ruleFor([place])(address)).toBeUndefined()
  })

  test('a place that is no address is none, and the others still are', () => {
    const rule = ruleFor(['https://', '/api'])
    expect(rule('/api/orders')?.pathname).toBe('/api/orders')
    expect(rule('/orders')).toBeUndefined()
  })

  test('what fetch would take for the text "undefined" is taken for it here', () => {
    expect(ruleFor(['/help'])(undefined as never)?.pathname).toBe('/help/undefined')
  })

  test('without a page relative addresses match nothing, and nothing throws', () => {
    const rule = ruleFor(['/api', 'https://shop.example/api'], () => undefined)
    expect(rule('/api/orders')).toBeUndefined()
    expect(rule('https://shop.example/api/orders')?.pathname).toBe('/api/orders')
  })
})

test.each([
  ['/a', '/a?id=1'],
  ['/a?', '/a?id=1'],
  ['/a?b', '/a?b&id=1'],
  ['/a?b&', '/a?b&id=1'],
  ['/a#b#c?d', '/a?id=1#b#c?d'],
  ['/a?b=%7e&c=~#d', '/a?b=%7e&c=~&id=1#d'],
  [' /a\n', 'https://shop.example/a?id=1'],
])('the parameter goes into %j as %j', (address, expected) => {
  expect(withParameter(address, new URL(address, HERE), 'id', '1')).toBe(expected)
})
