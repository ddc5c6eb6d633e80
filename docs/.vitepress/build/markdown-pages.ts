import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import type { SiteConfig } from 'vitepress'
import { sidebar } from '../sidebar.ts'

/** For readers that are programs: each page as Markdown beside its HTML, a list of them, and all of them in one file. */
export function writeMarkdownPages({ srcDir, outDir, pages }: SiteConfig, site: string): void {
  const texts = new Map(
    pages.map((page) => [page, plainMarkdown(readFileSync(join(srcDir, page), 'utf8'), srcDir)]),
  )
  for (const [page, text] of texts) {
    const file = join(outDir, page)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    for (const [, drawing = ''] of text.matchAll(/\]\((\.\/[\w-]+\.svg)\)/g))
      copyFileSync(join(srcDir, dirname(page), drawing), join(dirname(file), drawing))
  }
  const sections = sidebar.map(({ text, items }) => {
    const lines = items.map(({ text: name, link }) => {
      const about = firstSentence(texts.get(`${link.slice(1)}.md`) ?? '')
      return `- [${name}](${site}${link.slice(1)}.md)${about && `: ${about}`}`
    })
    return `## ${text}\n\n${lines.join('\n')}\n`
  })
  const head =
    '# storefront-session\n\n> One session for every visitor of a React storefront: anonymous first, recognised later.\n'
  writeFileSync(join(outDir, 'llms.txt'), `${head}\n${sections.join('\n')}`)
  const inOrder = sidebar.flatMap(({ items }) =>
    items.map(({ link }) => texts.get(`${link.slice(1)}.md`) ?? ''),
  )
  writeFileSync(join(outDir, 'llms-full.txt'), `${head}\n${inOrder.join('\n\n')}`)
}

/** Without front matter, comments and Vue, and with the code that VitePress would fetch from a file. */
function plainMarkdown(source: string, srcDir: string): string {
  return source
    .replace(/^---\n.*?\n---\n/s, '')
    .replace(/<!--.*?-->\n?/gs, '')
    .replace(
      /^<<< @\/(\S+?)(?:#(\S+?))?(?:\{.*?\})?(?: \[(.*?)\])?$/gm,
      (_, path: string, region?: string) => {
        const code = readFileSync(join(srcDir, path), 'utf8').trimEnd()
        return `\`\`\`${extname(path).slice(1)}\n${region ? regionOf(code, region) : withoutRegions(code)}\n\`\`\``
      },
    )
    .replace(/^:::.*\n/gm, '')
    .trim()
    .concat('\n')
}

const withoutRegions = (code: string): string =>
  code.replace(/^\s*(?:\/\/|\{\/\*) #(?:end)?region.*\n?/gm, '')

function regionOf(code: string, name: string): string {
  const lines = code.split('\n')
  const start = lines.findIndex((line) => line.includes(`#region ${name}`))
  const end = lines.findIndex((line, index) => index > start && line.includes(`#endregion ${name}`))
  return withoutRegions(lines.slice(start + 1, end).join('\n'))
}

/** The first sentence below the title, without links and marks. */
const firstSentence = (text: string): string =>
  text
    .replace(/^#.*\n+/, '')
    .split('\n\n')[0]
    ?.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .match(/^[^|<#].*?[.:](?= |$)/)?.[0]
    .replace(/:$/, '.') ?? ''
