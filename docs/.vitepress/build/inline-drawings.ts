import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/**
 * Puts the text of an SVG in place of its `<img>`, so that a drawing follows the site's dark mode. In an image the
 * styles of the page do not apply. The frame scrolls on a narrow screen.
 */
export function inlineDrawings(markdown: MarkdownRenderer): void {
  const { image } = markdown.renderer.rules
  markdown.renderer.rules.image = (tokens, index, options, env, self) => {
    const source = tokens[index]?.attrGet('src') ?? ''
    if (!/^\.\.?\/.*\.svg$/.test(source)) return image?.(tokens, index, options, env, self) ?? ''
    const drawing = readFileSync(join(dirname(env.path), source), 'utf8')
    return `<span class="drawing" tabindex="0" role="group" aria-label="Drawing">${drawing.replaceAll('\n', ' ')}</span>`
  }
}
