import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Starts a program with a process group of its own, so that nothing of it is left behind. */
export function spawnGroup(command: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(command, args, {
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  // Whoever waits for the program hears it, too.
  child.once('error', () => running.delete(child))
  return child
}

const running = new Set<ChildProcess>()

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess) =>
  pid !== undefined && exitCode === null && signalCode === null

const kill = (child: ChildProcess) =>
  process.platform === 'win32' || !child.pid ? child.kill('SIGKILL') : process.kill(-child.pid, 'SIGKILL')

/** Kills the program and all that it has started, and waits for its end. */
export async function killGroup(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const ended = once(child, 'exit')
  kill(child)
  await ended
}

// A run that ends early leaves nothing behind either.
process.once('exit', () => {
  for (const child of running) if (isRunning(child)) kill(child)
})
