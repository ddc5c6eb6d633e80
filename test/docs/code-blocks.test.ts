import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { preambles } from './stand-ins/preambles.ts'
import { type CodeBlock, codeBlocks, pagePaths, root } from './support/markdown-pages.ts'

const blocks = pagePaths().flatMap(codeBlocks)
const inLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language))
const at = ({ page, line }: CodeBlock) => `${page}:${line}`

const folder = mkdtempSync(join(tmpdir(), 'storefront-blocks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The block as a module whose lines have the numbers of the page's. */
function moduleOf({ line, code, preamble }: CodeBlock): string {
  const head = preamble ? preambles[preamble] : ''
  if (head === undefined) throw new Error(`There is no preamble ${preamble}`)
  const end = /^\s*(import|export) /m.test(head + code) ? '' : '\nexport {}'
  return `${head}${'\n'.repeat(line - 1)}${code}${end}`
}

/** What the TypeScript compiler says about the blocks, by page and line. */
function compile(modules: CodeBlock[]): string[] {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const block of modules) {
    // A folder for each block, so that `./session` is what the page means by it, and not another block.
    const place = join(folder, `${block.page.replace(/\.md$/, '')}-${block.line}`)
    cpSync(join(root, 'test/docs/stand-ins'), place, { recursive: true })
    writeFileSync(join(place, `block.${block.language}`), moduleOf(block))
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { types: ['node', 'vite/client', 'react'], noUnusedLocals: true },
      include: ['README*/**/*', 'docs/**/*'],
    }),
  )
  mkdirSync(join(folder, 'docs'), { recursive: true })
  const tsc = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc')
  try {
    execFileSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
    return []
  } catch (failure) {
    const { stdout } = failure as { stdout: string } // execFileSync throws the result of the process
    return stdout
      .split('\n')
      .filter((line) => line.includes('error TS'))
      .map((line) => line.replace(/^.*?(README|docs\/.*?)-\d+\/block\.tsx?\((\d+),\d+\)/, '$1.md:$2'))
  }
}

test('every block of TypeScript in README.md and the docs compiles under strict', () => {
  const modules = inLanguage('ts', 'tsx')
  expect(modules.length).toBeGreaterThan(30)
  expect(compile(modules)).toEqual([])
}, 60_000)

/** The messages of the blocks that `check` throws for. */
const failing = (some: CodeBlock[], check: (block: CodeBlock) => void): string[] =>
  some.flatMap((block) => {
    try {
      check(block)
      return []
    } catch (error) {
      return [`${at(block)}: ${error instanceof Error ? error.message : error}`]
    }
  })

test('every block of JavaScript, JSON and shell is free of syntax errors', () => {
  const js = failing(inLanguage('js', 'jsx', 'mjs'), ({ code }) => transformSync(code, { loader: 'jsx' }))
  const json = failing(inLanguage('json'), ({ code }) => JSON.parse(code))
  const shell = failing(inLanguage('sh'), ({ code }) =>
    execFileSync('sh', ['-n'], { input: code, stdio: ['pipe', 'pipe', 'pipe'] }),
  )
  expect([...js, ...json, ...shell]).toEqual([])
})

test('every block names a language that is checked here, or that no tool of ours reads', () => {
  const checked = ['ts', 'tsx', 'js', 'jsx', 'mjs', 'json', 'sh']
  const unread = ['dockerfile', 'nginx', 'yaml', 'http', 'text', 'html', 'sql']
  const others = blocks.filter(({ language }) => ![...checked, ...unread].includes(language))
  expect(others.map((block) => `${at(block)}: ${block.language}`)).toEqual([])
})
