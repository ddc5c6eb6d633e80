import { defineConfig } from 'vitepress'
import { inlineDrawings } from './build/inline-drawings.ts'
import { writeMarkdownPages } from './build/markdown-pages.ts'
import { focusableTables, numberedRows } from './build/tables.ts'
import { sidebar } from './sidebar.ts'

const base = '/storefront-session/'
const site = `https://storefront-session.github.io${base}`

export default defineConfig({
  title: 'storefront-session',
  description: 'One session for every visitor of a React storefront: anonymous first, recognised later.',
  lang: 'en',
  base,
  cleanUrls: true,
  srcExclude: ['examples/**'],
  sitemap: { hostname: site },
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }],
    ['meta', { name: 'theme-color', content: '#0b6e4f' }],
  ],
  markdown: {
    // The default themes fail WCAG AA: their comments have too little contrast.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    languageAlias: { mjs: 'js' },
    config: (markdown) => {
      inlineDrawings(markdown)
      focusableTables(markdown)
      numberedRows(markdown)
    },
  },
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/start/vite', activeMatch: '^/start/' },
      { text: 'Guides', link: '/guides/client', activeMatch: '^/guides/' },
      { text: 'Reference', link: '/reference/options', activeMatch: '^/(reference|errors)/' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
    ],
    sidebar,
    outline: { level: [2, 3] },
    socialLinks: [{ icon: 'github', link: 'https://github.com/storefront-session/storefront-session' }],
    editLink: {
      pattern: 'https://github.com/storefront-session/storefront-session/edit/main/docs/:path',
      text: 'Edit this page',
    },
    footer: { message: 'MIT licence' },
  },
  transformHead: ({ pageData }) =>
    pageData.isNotFound
      ? []
      : [['link', { rel: 'alternate', type: 'text/markdown', href: `${base}${pageData.relativePath}` }]],
  buildEnd: (config) => writeMarkdownPages(config, site),
})
