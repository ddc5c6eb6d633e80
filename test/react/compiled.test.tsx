import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'
import * as readers from './support/readers.compiled.tsx'

const session = withSessionApi()
const complaints = vi.spyOn(console, 'error')
beforeEach(() => complaints.mockClear())
afterEach(() => {
  cleanup()
  expect(complaints).not.toHaveBeenCalled()
})

const shown = (name: string) => screen.getByTestId(name).textContent
const click = (text: string) => fireEvent.click(screen.getByText(text))

test.each(Object.entries(readers))('%s is compiled by React Compiler', (_, component) => {
  expect(String(component)).toMatch(/\$\[\d\]/)
})

test.each(['development', 'StrictMode'])(
  'compiled components show each change of the session, and what they associate arrives, in %s',
  async (mode) => {
    const client = session.open()
    const shop = <readers.Shop client={client} url="/cart" />
    render(mode === 'StrictMode' ? <StrictMode>{shop}</StrictMode> : shop)
    expect(shown('id')).toBe('none')
    await waitFor(() => expect(shown('id')).toMatch(/^[\w-]{16,}$/))
    const first = shown('id')
    expect(shown('status')).toBe('ready')

    click('Sign in')
    await waitFor(() => expect([shown('selected'), shown('handed')]).toEqual(['ada', 'ada']))
    click('Details')
    expect(shown('visit')).toBe('no visit')
    click('Visit')
    await waitFor(() => expect(shown('visit')).toBe('v1'))
    await expect.poll(() => session.readSession(first)).toMatchObject({ customerId: 'ada', visitId: 'v1' })

    click('Sign out')
    await waitFor(() => expect(shown('id')).not.toBe(first))
    await waitFor(() => expect(shown('id')).toMatch(/^[\w-]{16,}$/))
    expect([shown('selected'), shown('handed'), shown('visit')]).toEqual(['nobody', 'nobody', 'no visit'])
    const second = shown('id')
    click('Reset')
    await waitFor(() => expect(shown('id')).not.toBe(second))
  },
)

test('a compiled component sends the request of the storefront with the session', async () => {
  const client = session.open({
    attach: { to: ['/cart'] },
    fetch: async (input, init) =>
      String(input).includes('/cart') ? new Response(String(input)) : fetch(input, init),
  })
  render(<readers.Shop client={client} url="/cart" />)
  await waitFor(() => expect(shown('id')).toMatch(/^[\w-]{16,}$/))
  fireEvent.click(screen.getByTestId('cart'))
  await waitFor(() => expect(shown('cart')).toBe(`/cart?sessionId=${shown('id')}`))
})
