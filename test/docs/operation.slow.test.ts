import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { redisStore } from 'storefront-session/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { withCommandLine } from '../cli/support/command-line.ts'
import { freePort, hasRedisServer } from '../server/support/redis-server.ts'
import { readPage, root } from './support/markdown-pages.ts'

/** The commands of docs/server.md below a comment `run: NAME`. */
const commands = new Map(
  [...readPage('docs/server.md').matchAll(/<!-- run: ([\w-]+) -->\n+```sh\n(.*?)```/gs)].map(
    ([, name = '', script = '']) => [name, script],
  ),
)

const command = withCommandLine()

/** Runs commands of the page as they stand there, but for the port. */
const run = async (name: string, folder: string, port = 0) => {
  const script = commands.get(name)?.replaceAll('6379', `${port}`)
  if (!script) throw new Error(`docs/server.md has no commands named ${name}`)
  await promisify(execFile)('sh', ['-e', '-c', script], { cwd: folder, timeout: 60_000 })
}

const put = async (url: string): Promise<string> =>
  (await (await fetch(`${url}/sessions/new`, { method: 'PUT' })).json()).response.sessionId

test('every command of "Backup, upgrade, scale" that can run here is run by a test', () => {
  expect([...commands.keys()]).toEqual([
    'sqlite-backup',
    'sqlite-restore',
    'redis-backup',
    'redis-restore',
    'upgrade',
    'report',
  ])
})

test('F205: the backup of SQLite under load has every answered session, and restores it', async () => {
  const folder = command.folder()
  symlinkSync(`${root}node_modules`, `${folder}/node_modules`)
  const serving = await command.serve(['--store', 'sqlite:sessions.db'])
  const ids: string[] = []
  let isOver = false
  const shoppers = Array.from({ length: 20 }, async () => {
    while (!isOver) ids.push(await put(serving.url))
  })
  await vi.waitUntil(() => ids.length > 500, { timeout: 30_000 })
  const answered = [...ids]
  await run('sqlite-backup', folder)
  isOver = true
  await Promise.all(shoppers)
  const late = await put(serving.url)
  await serving.end()
  await run('sqlite-restore', folder)
  expect(statSync(`${folder}/sessions.db`).mode & 0o777).toBe(0o600)
  const restored = await command.serve(['--store', 'sqlite:sessions.db'])
  const statusOf = async (id: string) => (await fetch(`${restored.url}/sessions/${id}`)).status
  for (const id of answered) expect(await statusOf(id)).toBe(200)
  // Proves that the file is the copy: what came after it is not there.
  expect(await statusOf(late)).toBe(404)
})

test('what the page says after an upgrade and about the number of sessions, works', async () => {
  const serving = await command.serve(['--store', 'sqlite:sessions.db', '--base-path', '/gks-server/v1'])
  await put(serving.url)
  for (const name of ['upgrade', 'report'])
    for (const line of (commands.get(name) ?? '').trim().split('\n')) {
      const [npx, program, ...args] = line.replace('127.0.0.1:4000', `127.0.0.1:${serving.port}`).split(' ')
      expect([npx, program]).toEqual(['npx', 'storefront-session'])
      const { code, stdout, stderr } = await command.run(args)
      expect(code, `${line}\n${stderr}`).toBe(0)
      expect(stdout).not.toBe('')
    }
})

/** Whether Redis answers. */
const isUp = (cli: (...args: string[]) => string) => {
  try {
    return cli('ping').includes('PONG')
  } catch {
    // Not up yet: redis-cli exits with an error.
    return false
  }
}

describe.runIf(hasRedisServer())('Redis', () => {
  test('F201: the backup of Redis restores every session, with the append-only file on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'storefront-redis-'))
    const port = await freePort()
    const cli = (...args: string[]) =>
      execFileSync('redis-cli', ['-p', `${port}`, ...args], { encoding: 'utf8' })
    onTestFinished(() => {
      try {
        cli('shutdown', 'nosave')
      } catch {
        // It does not run: the test failed while Redis was down.
      }
      rmSync(folder, { recursive: true, force: true })
    })
    const redis = spawn('redis-server', ['--port', `${port}`, '--save', '', '--appendonly', 'yes'], {
      cwd: folder,
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => redis.once('exit', resolve))
    const url = `redis://127.0.0.1:${port}`
    await vi.waitUntil(() => isUp(cli), { timeout: 10_000 })
    const timeoutMs = 20_000 // a busy machine answers late
    const store = redisStore({ url, timeoutMs })
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, number) => store.create({ customerId: `c-${number}` }, 600_000)),
    )
    await run('redis-backup', folder, port)
    expect(statSync(`${folder}/backup.rdb`).mode & 0o777).toBe(0o600)
    const late = await store.create({}, 600_000)
    await store.close()
    cli('shutdown', 'nosave')
    await ended
    await run('redis-restore', folder, port)
    const restored = redisStore({ url, timeoutMs })
    for (const session of made) expect(await restored.get(session.sessionId, null)).toEqual(session)
    expect(await restored.get(late.sessionId, null)).toBeNull()
    await restored.close()
    expect(cli('config', 'get', 'appendonly')).toContain('yes')
    expect(existsSync(`${folder}/appendonlydir`)).toBe(true)
  })
})
