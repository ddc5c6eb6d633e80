import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { act, render, waitFor } from '@testing-library/react'
import { SessionProvider } from 'storefront-session'
import { SessionDevtoolsPanel } from 'storefront-session/devtools'
import { afterEach, expect, test, vi } from 'vitest'
import { press, rowsOf, withDevtools } from './support/devtools-page.tsx'

const page = withDevtools()
const folder = mkdtempSync(join(tmpdir(), 'storefront-trace-'))
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

test('a trace that real clients left is played by npm run replay', async () => {
  const blobs: Blob[] = []
  Object.assign(URL, {
    createObjectURL: (blob: Blob) => `blob:${blobs.push(blob)}`,
    revokeObjectURL: vi.fn(),
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  const client = await page.open()
  const other = page.session.open()
  const { container } = render(
    <SessionProvider client={other}>
      <SessionDevtoolsPanel />
    </SessionProvider>,
  )
  // Two panels of one page are two tabs for the devtools; only the first one is used below.
  container.hidden = true
  await act(() => other.ready())
  await act(() => Promise.all([client.associate({ visitId: 'v1' }), other.associate({ customerId: 'ada' })]))
  page.session.api.forgetAll()
  await press('Ask again')
  await act(() => client.fetch(`${page.session.api.baseUrl}/cart`))
  await waitFor(() => expect(rowsOf('Tabs')).toHaveLength(2))
  await waitFor(() => expect(rowsOf('Events').join()).toContain('lost'))
  await press('Export trace')

  const file = join(folder, 'trace.json')
  await waitFor(() => expect(blobs).toHaveLength(1))
  writeFileSync(file, String(await blobs[0]?.text()))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/model/replay.mjs', file], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'development', VITEST: '' },
  })
  expect(stderr).toBe('')
  for (const step of [
    '"do":"associate"',
    '"do":"forgets"',
    '"do":"shop"',
    'PUT /api/sessions/new',
    '"type":"lost"',
  ])
    expect(stdout).toContain(step)
  expect(stdout).toContain('All promises of the model hold in 40 schedules.')
  expect(status).toBe(0)
}, 60_000)
