import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { LooseBrowser } from './engine.ts'

/** Starts a program with a process group of its own, so that nothing of it is left behind. */
export function spawnGroup(command: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(command, args, {
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
}

/** Kills the program and all that it has started, and waits for its end. */
export async function killGroup(child: ChildProcess | undefined): Promise<void> {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  if (process.platform === 'win32') child.kill('SIGKILL')
  else process.kill(-child.pid, 'SIGKILL')
  await ended
}

export async function startLooseBrowser(
  command: string,
  args: string[],
  env?: Record<string, string>,
): Promise<LooseBrowser> {
  const child = spawnGroup(command, args, env)
  await once(child, 'spawn')
  return { kill: () => killGroup(child) }
}
