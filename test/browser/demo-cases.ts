import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Demo, startBuiltDemo } from '../support/demo-app.ts'
import type { Engine, Profile, Tab } from './support/engine.ts'
import { stored } from './support/visitor.ts'

/** For a busy computer. */
const SOON = { timeout: 20_000 }
const CARD = { timeout: 45_000 }

/** Clicks what a visitor would: the link or button of this name, in the part of the page that a selector names. */
const click = (tab: Tab, within: string, name: string) =>
  expect
    .poll(
      () =>
        tab.evaluate(
          ([place = '', wanted = '']) => {
            const found = [
              ...document.querySelectorAll<HTMLElement>(`${place} :is(a, button, [role=switch])`),
            ].find((one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === wanted)
            found?.click()
            return !!found
          },
          [within, name],
        ),
      SOON,
    )
    .toBe(true)
const textOf = (tab: Tab, selector: string) =>
  tab.evaluate((place) => document.querySelector(place)?.textContent ?? '', selector)
const piecesIn = (tab: Tab) => textOf(tab, '.cart-link .count')
async function idOf(tab: Tab): Promise<string> {
  await expect.poll(() => stored(tab), SOON).toMatch(/^[\w-]{16,}$/)
  return String(await stored(tab))
}
const heading = (tab: Tab) => textOf(tab, 'h1')

async function signIn(tab: Tab, customer: string): Promise<void> {
  await click(tab, 'header nav', 'Sign in')
  await expect.poll(() => heading(tab), SOON).toBe('Sign in')
  await tab.evaluate((name) => {
    const input = document.querySelector<HTMLInputElement>('#customer')
    if (input) input.value = name
    input?.form?.requestSubmit()
  }, customer)
  await expect.poll(() => heading(tab), SOON).toBe(`Hello, ${customer}`)
}

/** The main paths of the demo and its promise cards, the same for each engine. */
export function describeDemo(engine: Engine): void {
  describe(`the demo in ${engine.name}`, () => {
    let demo: Demo
    let profile: Profile
    beforeAll(async () => {
      demo = await startBuiltDemo()
      await engine.start()
    })
    afterAll(async () => {
      await engine.close()
      await demo?.close()
    })
    beforeEach(async () => {
      profile = await engine.profile()
    })
    afterEach(() => profile?.close())

    const open = async (path = '/') => {
      const tab = await profile.open(demo.url + path)
      await expect.poll(() => heading(tab), SOON).not.toBe('')
      return tab
    }
    /** A visitor who has consented. */
    const openWithConsent = async (path = '/') => {
      const tab = await open()
      await click(tab, '[role=region], section', 'Accept')
      await idOf(tab)
      await tab.goto(demo.url + path)
      await expect.poll(() => heading(tab), SOON).not.toBe('')
      return tab
    }

    test('keeps nothing before the choice, and nothing after a refusal', async () => {
      const tab = await open()
      await click(tab, 'main', 'Add Arc lamp')
      await expect.poll(() => piecesIn(tab), SOON).toBe('1')
      expect(await stored(tab)).toBe(null)
      await click(tab, '[role=region], section', 'Refuse')
      await tab.goto(demo.url)
      await expect.poll(() => piecesIn(tab), SOON).toBe('1')
      expect(await stored(tab)).toBe(null)
    })

    test('shows one session and one cart in two tabs, also after a reload', async () => {
      const first = await openWithConsent()
      const second = await open()
      expect(await idOf(second)).toBe(await idOf(first))
      await click(first, 'main', 'Add Arc lamp')
      for (const tab of [first, second]) await expect.poll(() => piecesIn(tab), SOON).toBe('1')
      await second.goto(demo.url)
      await expect.poll(() => piecesIn(second), SOON).toBe('1')
    })

    test('brings the cart along at sign-in, and empties it in every tab at sign-out', async () => {
      const first = await openWithConsent()
      const second = await open()
      const id = await idOf(first)
      await click(first, 'main', 'Add Desk bell')
      await signIn(first, `ada.${engine.name}@shop.example`)
      await expect.poll(() => textOf(second, '.account-link'), SOON).toBe('Account')
      for (const tab of [first, second]) await expect.poll(() => piecesIn(tab), SOON).toBe('1')
      await click(first, 'main', 'Sign out')
      await expect.poll(() => idOf(first), SOON).not.toBe(id)
      for (const tab of [first, second]) await expect.poll(() => piecesIn(tab), SOON).toBe('0')
      expect(await idOf(second)).toBe(await idOf(first))
    })

    test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])(
      'measures on the card of promise %i that it is kept',
      async (number) => {
        const tab = await openWithConsent('/lab')
        await click(tab, '.promises', `Run promise ${number}`)
        const result = () =>
          tab.evaluate(
            (id) => document.querySelector(`article[aria-labelledby=${id}] [role=status]`)?.textContent ?? '',
            `promise-${number}`,
          )
        await expect.poll(result, CARD).toMatch(/It holds|Broken/)
        expect(await result()).toContain('✓ It holds')
      },
    )
  })
}
