import type { Tab } from './engine.ts'

/** What a Page of Playwright and one of Puppeteer have in common. Each types page functions by mapped types of its own. */
interface Page {
  goto(url: string): Promise<unknown>
  evaluate(work: never, argument?: never): Promise<unknown>
  close(options: { runBeforeUnload: boolean }): Promise<void>
}

export const tabOfPage = (page: Page): Tab => ({
  async goto(url) {
    await page.goto(url)
  },
  evaluate: (work, argument) => page.evaluate(work as never, argument as never) as Promise<never>,
  async back() {
    // goBack() waits for a load that a page from the back-forward cache never has.
    const goBack = () => void setTimeout(() => history.back())
    await page.evaluate(goBack as never)
  },
  // Without beforeunload handlers a page would not be told that it is closed.
  close: () => page.close({ runBeforeUnload: true }),
})
