import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../package/support.ts'
import { installExample, packLibrary } from './support/install-example.ts'

const scratch = mkdtempSync(join(tmpdir(), 'storefront-testing-'))
let folder = ''
beforeAll(async () => {
  folder = await installExample('testing', scratch, await packLibrary(scratch))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('the tests and stories of the guide to testing compile under strict', async () => {
  expect(await run(folder, 'npx tsc --noEmit')).toBe('')
})

test.each([
  ['Vitest with jsdom', 'npx vitest run'],
  ['Vitest with happy-dom', 'npx vitest run --environment happy-dom'],
  ['Jest', 'npx jest'],
])('the tests of the guide to testing pass in %s', async (_, command) => {
  await run(folder, command)
})
