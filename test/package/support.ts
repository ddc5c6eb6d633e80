import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs a command line, with further arguments that may have spaces, in a folder. Rejects with all that it wrote. */
export async function run(folder: string, line: string, ...more: string[]): Promise<string> {
  const [command = '', ...args] = line.split(' ')
  try {
    // A shell, because on Windows npm and npx are scripts.
    const { stdout } = await promisify(execFile)(command, [...args, ...more], {
      cwd: folder,
      shell: process.platform === 'win32',
      maxBuffer: 50_000_000,
      // Not the NODE_ENV of a test: what is built here is built as it is published.
      env: { ...process.env, NODE_ENV: undefined, CI: '1', NO_COLOR: '1' },
    })
    return stdout
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`${line} failed\n${stdout}\n${stderr}`, { cause })
  }
}

/** Builds and packs the library into an empty folder. Returns the tarball's path. */
export async function packInto(folder: string): Promise<string> {
  await run(fileURLToPath(new URL('../..', import.meta.url)), 'npm pack --pack-destination', folder)
  return join(folder, readdirSync(folder)[0] ?? '')
}
