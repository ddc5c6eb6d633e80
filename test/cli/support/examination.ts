import { expect } from 'vitest'
import type { withCommandLine } from './command-line.ts'

/** One finding, as `--json` gives it. */
export interface Told {
  check: string
  verdict: string
  finding: string
  cause?: string
  remedy?: string
}

/** Runs the doctor: its findings on a server, by check, and its exit code. */
export const withDoctor =
  (command: ReturnType<typeof withCommandLine>) =>
  async (url: string, ...flags: string[]) => {
    const { code, stdout, stderr } = await command.run(['doctor', url, '--json', ...flags])
    expect(stderr).toBe('')
    const { findings }: { findings: Told[] } = JSON.parse(stdout)
    // Whatever is not in order has a cause and a remedy.
    for (const one of findings.filter(({ verdict }) => verdict === 'warning' || verdict === 'fault'))
      expect(one).toMatchObject({ cause: expect.stringMatching(/\w/), remedy: expect.stringMatching(/\w/) })
    return { code, of: Object.fromEntries(findings.map((one) => [one.check, one])) }
  }
