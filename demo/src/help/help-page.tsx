import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { useSessionFetch } from 'storefront-session'
import { SearchIcon } from '../shell/icons.tsx'
import { View, ViewHeading } from '../shell/view.tsx'
import { type HelpArticle, searchHelp, sendFeedback } from './help-api.ts'

const SUGGESTIONS = ['return', 'delivery', 'refund', 'invoice', 'guarantee']

export function HelpPage() {
  const { q = '' } = useSearch({ from: '/help' })
  const navigate = useNavigate({ from: '/help' })
  const fetch = useSessionFetch()
  const { data, isFetching, error } = useQuery({
    queryKey: ['help', q],
    queryFn: ({ signal }) => searchHelp(fetch, q, signal),
    enabled: q !== '',
    retry: 1,
  })
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const words = String(new FormData(event.currentTarget).get('words') ?? '').trim()
    void navigate({ to: '/help', search: words ? { q: words } : {} })
  }
  return (
    <View title={q ? `Help on “${q}”` : 'Help'} className="help-view">
      <ViewHeading>What would you like to know?</ViewHeading>
      <search>
        <form onSubmit={find} className="search-field large">
          <SearchIcon />
          <input
            type="search"
            name="words"
            aria-label="Search help"
            placeholder="return a lamp"
            defaultValue={q}
          />
          <button type="submit">Search</button>
        </form>
      </search>
      <p className="suggestions">
        Often asked:{' '}
        {SUGGESTIONS.map((words) => (
          <Link key={words} to="/help" search={{ q: words }}>
            {words}
          </Link>
        ))}
      </p>
      <p role="status" className="found">
        {summary(q, data, isFetching, error)}
      </p>
      <ul className="answers" data-asked={q !== ''}>
        {data?.map((article) => (
          <Answer key={article.id} article={article} />
        ))}
      </ul>
    </View>
  )
}

function summary(
  q: string,
  hits: HelpArticle[] | undefined,
  isFetching: boolean,
  error: Error | null,
): string {
  if (!q) return ''
  if (isFetching) return 'Searching …'
  if (error) return 'The help search is away. Try again.'
  if (!hits?.length) return `Nothing found for “${q}”. Try other words.`
  return `${hits.length} ${hits.length === 1 ? 'answer' : 'answers'}`
}

function Answer({ article: { id, topic, title, text } }: { article: HelpArticle }) {
  return (
    <li>
      <p className="topic">{topic}</p>
      <h2>{title}</h2>
      <p>{text}</p>
      <Feedback id={id} title={title} />
    </li>
  )
}

function Feedback({ id, title }: { id: number; title: string }) {
  const fetch = useSessionFetch()
  const { mutate, variables, isSuccess, isPending, error } = useMutation({
    mutationFn: (isHelpful: boolean) => sendFeedback(fetch, id, isHelpful),
  })
  const isDone = isSuccess || isPending
  const vote = (isHelpful: boolean) => !isDone && mutate(isHelpful)
  return (
    <div className="feedback">
      <div>
        <p id={`feedback-${id}`}>Did this help?</p>
        <p role="status" className="thanks">
          {isSuccess ? 'Thank you for telling us.' : error ? 'That did not arrive. Try again.' : ''}
        </p>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a legend can't stand beside what it names */}
      <div role="group" aria-labelledby={`feedback-${id}`} className="votes">
        <button type="button" aria-pressed={variables === true} onClick={() => vote(true)}>
          <span>
            Yes<span className="unseen">, “{title}” helped</span>
          </span>
        </button>
        <button type="button" aria-pressed={variables === false} onClick={() => vote(false)}>
          <span>
            Not really<span className="unseen">, “{title}” did not help</span>
          </span>
        </button>
      </div>
    </div>
  )
}
