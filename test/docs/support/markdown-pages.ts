import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** README.md and the sources of the docs site, by their path in the repository. */
export const pagePaths = (): string[] => [
  'README.md',
  ...readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !/\/(examples|reference\/api|\.vitepress)\//.test(path))
    .sort(),
]

export const readPage = (path: string): string => readFileSync(root + path, 'utf8')

/** One fenced block of a page. */
export interface CodeBlock {
  page: string
  /** Line of the page on which the code begins, from 1. */
  line: number
  language: string
  code: string
  /** What the comment `<!-- with: NAME -->` above the block names: code that readers don't need to see. */
  preamble: string | undefined
}

const FENCE =
  /(?:^<!-- with: (?<preamble>[\w-]+) -->\n\s*)?^(?<indent> *)```(?<language>[\w-]*)[^\n]*\n(?<code>.*?)^ *```$/gms

/** The fenced blocks of a page. */
export function codeBlocks(page: string): CodeBlock[] {
  const text = readPage(page)
  return [...text.matchAll(FENCE)].map(({ 0: whole, index, groups = {} }) => {
    const { preamble, indent = '', language = '', code = '' } = groups
    const start = index + whole.lastIndexOf(`${code}${indent}\`\`\``)
    return {
      page,
      line: text.slice(0, start).split('\n').length,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      preamble,
    }
  })
}

/** The text without its code, for what looks at prose. */
export const withoutCode = (text: string): string =>
  text.replace(/^ *```.*?^ *```$/gms, '').replace(/<!--.*?-->/gs, '')
