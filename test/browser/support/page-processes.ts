import { readdirSync, readFileSync } from 'node:fs'

/** What a process that ends meanwhile still says: nothing. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Kills those descendants of a browser whose command line looks like that of a page's process. Linux only. */
export async function killPageProcesses(browser: number | undefined, looks: RegExp): Promise<void> {
  if (!browser) throw new Error('The browser has no process')
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      // The name, which stands in brackets, may contain anything.
      .map((pid) => [Number(pid), Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1])]),
  )
  const isOurs = (pid: number | undefined): boolean =>
    pid === browser || (!!pid && pid > 1 && isOurs(parents.get(pid)))
  const pages = [...parents.keys()].filter(
    (pid) =>
      pid !== browser && looks.test(read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()) && isOurs(pid),
  )
  if (!pages.length) throw new Error('No process of a page was found')
  for (const pid of pages) process.kill(pid, 'SIGKILL')
}
