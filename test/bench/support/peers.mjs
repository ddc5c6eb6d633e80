// The peers that we are measured against, in exact versions. They are no devDependencies: only who runs a
// benchmark installs them, into a folder of its own in the temporary directory.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const VERSIONS = {
  '@commercetools/ts-client': '5.0.3',
  '@faststore/sdk': '4.8.0',
  '@supabase/auth-js': '2.119.1',
  '@tanstack/react-query': '5.108.0',
  axios: '1.21.1',
  'better-auth': '1.7.25',
  ky: '2.1.0',
  'next-auth': '4.24.15',
  ofetch: '1.5.1',
  'oidc-client-ts': '3.5.0',
  'openapi-fetch': '0.17.0',
  'posthog-js': '1.449.2',
  react: '19.3.1',
  'react-dom': '19.3.1',
  'react-oidc-context': '3.3.1',
  'react-redux': '9.3.1',
  redux: '5.0.1',
  zustand: '5.1.0',
}

/** `name version`, for a row of a table. */
export const named = (name) => `${name} ${VERSIONS[name]}`

/** The folder whose `node_modules` has all peers, filled at the first call. */
export function installPeers() {
  const manifest = JSON.stringify({ private: true, dependencies: VERSIONS })
  const hash = createHash('sha256').update(manifest).digest('hex').slice(0, 12)
  const folder = join(tmpdir(), `storefront-session-bench-${hash}`)
  const isDone = join(folder, 'installed')
  if (existsSync(isDone)) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), manifest)
  console.error(`Installing the peers into ${folder} …`)
  // Some name a React older than 19 as their peer: all are measured with the same React.
  execFileSync('npm', ['install', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  writeFileSync(isDone, '')
  return folder
}
