import { existsSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { withCommandLine } from './support/command-line.ts'
import { withServers } from './support/standing-server.ts'

vi.setConfig({ testTimeout: 30_000 })

const FULL = '/dev/full'
if (!existsSync(FULL)) console.warn('Skipped: the command line on a full disk, because there is no /dev/full')

const command = withCommandLine()
const servers = withServers()

const PRINTING = ['--help', '--version', 'doctor --help', 'serve --help']

describe('with a stdout that takes nothing, it ends quietly and with its own exit code', () => {
  test.each(PRINTING)('%s, where the reader has gone', async (line) => {
    expect(await command.runUnread(line.split(' '))).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test.runIf(existsSync(FULL)).each(PRINTING)('%s, where the disk is full', async (line) => {
    expect(await command.runInto(FULL, line.split(' '))).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test.each([
    ['healthy', true, 0],
    ['not healthy', false, 1],
  ])('an examination that finds a server %s', async (_, isHealthy, code) => {
    const { url } = isHealthy ? await servers.ours() : await servers.stand((_, response) => response.end())
    expect(await command.runUnread(['doctor', url])).toEqual({ code, stdout: '', stderr: '' })
    if (existsSync(FULL))
      expect(await command.runInto(FULL, ['doctor', url])).toEqual({ code, stdout: '', stderr: '' })
  })
})
