import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { cookieStorage, createSessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'

test('cookieStorage touches no document before it is used, and breaks nothing on a server', () => {
  expect(typeof document).toBe('undefined')
  const client = createSessionClient({ baseUrl: 'https://shop.example/api', storage: cookieStorage() })
  client.start()
  expect(client.getState().status).toBe('pending')
})

test('an app that does not import cookieStorage does not carry it', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { createSessionClient } from './core.ts'",
      resolveDir: fileURLToPath(new URL('../../src', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    external: ['@tanstack/*'],
  })
  expect(outputFiles[0]?.text).not.toContain('.cookie')
})
