import MiniSearch from 'minisearch'
import type { HelpArticle } from '../src/help/help-api.ts'
import { helpArticles } from './help-articles.ts'

const HITS = 6

/** The articles that fit these words, the best first. */
export function createHelpSearch(): (words: string) => HelpArticle[] {
  const index = new MiniSearch({
    fields: ['title', 'text', 'topic'],
    storeFields: ['title', 'text', 'topic'],
    searchOptions: { prefix: true, fuzzy: 0.2, boost: { title: 3 } },
  })
  index.addAll(helpArticles.map(([topic, title, text], id) => ({ id, topic, title, text })))
  return (words) =>
    index
      .search(words)
      .slice(0, HITS)
      .map(({ id, topic, title, text }) => ({ id, topic, title, text }))
}
