// Prints the result of a benchmark. With --write it also goes into the README.md beside the benchmarks.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { isQuick } from './quick.mjs'

const ownPage = fileURLToPath(new URL('../README.md', import.meta.url))

/** Rows of cells as a Markdown table, aligned for the terminal. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String))
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [line(cells[0]), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join(
    '\n',
  )
}

/**
 * Prints a section. `--write` on the command line replaces the section of that name in README.md.
 *
 * @param name the section, which stands between `<!-- NAME -->` and `<!-- /NAME -->` in README.md
 * @param parts paragraphs and tables
 * @param page path of the README.md
 */
export function publish(name, parts, page = ownPage) {
  if (isQuick) parts.unshift('BENCH_QUICK=1: the figures below mean nothing.')
  const text = [...parts, `_${environment()}_`].join('\n\n')
  console.log(`\n${text}\n`)
  if (!process.argv.includes('--write')) return
  if (isQuick) throw new Error('BENCH_QUICK=1 and --write exclude each other')
  const old = readFileSync(page, 'utf8')
  const marks = new RegExp(`(<!-- ${name} -->\n)[^]*(<!-- /${name} -->)`)
  if (!marks.test(old)) throw new Error(`${page} has no place for ${name}`)
  writeFileSync(
    page,
    old.replace(marks, (_, before, after) => `${before}\n${text}\n\n${after}`),
  )
}

/** A line of the report: the goal, and whether it is met. */
export const goal = (text, isMet) => `- ${isMet ? 'met' : '**NOT MET**'}: ${text}`

const environment = () =>
  `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${process.platform} ${release().split('-')[0]}; load average at the end ${loadavg()[0]?.toFixed(1)}.`
