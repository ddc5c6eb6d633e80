import type { MarkdownRenderer } from 'vitepress'

/** A wide table scrolls sideways on a narrow screen; without this the keyboard could not scroll it. */
export function focusableTables(markdown: MarkdownRenderer): void {
  markdown.renderer.rules.table_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('tabindex', '0')
    return self.renderToken(tokens, index, options)
  }
}

/** Gives a row whose first cell is a number the address `#fN`: `/faults#f17` is row 17 of the catalogue. */
export function numberedRows(markdown: MarkdownRenderer): void {
  markdown.renderer.rules.tr_open = (tokens, index, options, env, self) => {
    const number = tokens[index + 2]?.content
    if (env.relativePath === 'faults.md' && number && /^\d+$/.test(number))
      tokens[index]?.attrSet('id', `f${number}`)
    return self.renderToken(tokens, index, options)
  }
}
