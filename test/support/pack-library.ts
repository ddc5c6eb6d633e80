import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packInto } from '../package/support.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the packed library. */
    tarball: string
  }
}

/**
 * Global setup of the tests that install the library as a shop does: builds and packs it once for all of them, or takes
 * the tarball that STOREFRONT_SESSION_TARBALL names. Returns the function that removes it.
 */
export default async function setup(
  project: Pick<TestProject, 'provide'>,
): Promise<(() => void) | undefined> {
  const made = process.env.STOREFRONT_SESSION_TARBALL
  if (made) {
    project.provide('tarball', made)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'storefront-packed-'))
  project.provide('tarball', await packInto(folder))
  return () => rmSync(folder, { recursive: true, force: true })
}
