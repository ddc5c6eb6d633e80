import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { pagePaths, root, withoutCode } from './support/markdown-pages.ts'

const SITE = 'https://storefront-session.github.io/storefront-session/'
const REPOSITORY = /^https:\/\/github\.com\/storefront-session\/storefront-session\/(?:blob|tree)\/main\//

const pages = [...pagePaths(), 'CONTRIBUTING.md', 'CHANGELOG.md', 'test/bench/README.md']

/** The ids of a page's headings, as VitePress and GitHub make them, and of its HTML. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set([...text.matchAll(/\bid="([^"]+)"/g)].map(([, id = '']) => id))
  const seen = new Map<string, number>()
  for (const [, heading = ''] of withoutCode(text).matchAll(/^#{1,6} +(.*)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '')
    const github = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(github) ?? 0
    seen.set(github, count + 1)
    anchors.add(count ? `${github}-${count}` : github)
    anchors.add(vitepressSlug(plain))
  }
  return anchors
}

/** As @mdit-vue/shared does it. */
const vitepressSlug = (heading: string): string =>
  heading
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/g, '')
    .replace(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '')
    .replace(/^(\d)/, '_$1')
    .toLowerCase()

/** The file of the repository to which a link leads; undefined for one that leads elsewhere. */
function fileOf(page: string, address: string): string | undefined {
  if (address === '') return page
  if (REPOSITORY.test(address)) return address.replace(REPOSITORY, '')
  if (address.startsWith(SITE)) {
    const path = address.slice(SITE.length)
    return `docs/${!path || path.endsWith('/') ? `${path}index` : path}.md`
  }
  if (/^[a-z]+:/.test(address)) return
  return normalize(join(dirname(page), address)).replaceAll('\\', '/')
}

function brokenLinks(page: string): string[] {
  const text = withoutCode(readFileSync(root + page, 'utf8')).replace(/`[^`\n]*`/g, '')
  const links = [
    ...[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link),
    ...[...text.matchAll(/^ *link: (\S+)$/gm)].map(([, link = '']) =>
      link.startsWith('/') ? SITE + link.slice(1) : link,
    ),
  ]
  return links.filter((link) => {
    const [address = '', anchor] = link.split('#')
    const file = fileOf(page, address)
    // The generated reference is looked at where the site is built.
    if (file === undefined || file.startsWith('docs/reference/api/')) return false
    if (!existsSync(root + file)) return true
    if (!anchor || !statSync(root + file).isFile() || !file.endsWith('.md')) return false
    // VitePress writes the ids of numbered rows itself.
    if (file === 'docs/faults.md' && /^f\d+$/.test(anchor)) return false
    return !anchorsOf(readFileSync(root + file, 'utf8')).has(anchor)
  })
}

test.each(pages)('every link of %s leads to a file and a heading that are there', (page) => {
  expect(brokenLinks(page)).toEqual([])
})

test('every snippet that a page quotes is there', () => {
  const missing = pagePaths().flatMap((page) =>
    [...readFileSync(root + page, 'utf8').matchAll(/^<<< @\/(\S+?)(?:#([\w-]+))?(?:\{.*\})?$/gm)]
      .filter(([, path = '', region]) => {
        if (!existsSync(`${root}docs/${path}`)) return true
        return region && !readFileSync(`${root}docs/${path}`, 'utf8').includes(`#region ${region}\n`)
      })
      .map(([whole]) => `${page}: ${whole}`),
  )
  expect(missing).toEqual([])
})
