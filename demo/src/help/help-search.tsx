import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSessionFetch } from 'storefront-session'
import { searchHelp } from '../api.ts'

export function HelpSearch() {
  const fetch = useSessionFetch()
  const [words, setWords] = useState('')
  const { data, isFetching, error } = useQuery({
    queryKey: ['help', words],
    queryFn: ({ signal }) => searchHelp(fetch, words, signal),
    enabled: words !== '',
  })
  const summary = error ? 'The help search is away. Try again.' : data && `${data.length} answers`
  return (
    <section className="help" aria-labelledby="help-title">
      <h2 id="help-title">Help</h2>
      <search>
        <form action={(form) => setWords(String(form.get('words') ?? '').trim())}>
          <label htmlFor="help-words">What would you like to know?</label>
          <div className="row">
            <input
              id="help-words"
              name="words"
              type="search"
              placeholder="return a lamp"
              defaultValue={words}
              key={words}
            />
            <button type="submit">Search help</button>
          </div>
        </form>
      </search>
      <p role="status">{isFetching ? 'Searching…' : summary}</p>
      <ul>
        {data?.map(({ id, topic, title, text }) => (
          <li key={id}>
            <small>{topic}</small>
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
