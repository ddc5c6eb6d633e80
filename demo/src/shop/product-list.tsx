import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef } from 'react'
import { readFrameOrder } from '../page/frame.ts'
import { announce } from '../shell/announcer.tsx'
import { SearchIcon } from '../shell/icons.tsx'
import { View, ViewHeading } from '../shell/view.tsx'
import { ProductCard } from './product-card.tsx'
import { type Choice, choose, KINDS, type Kind, SORTS, type Sort } from './products.ts'

export function ProductList() {
  const choice = useSearch({ from: '/' })
  const found = choose(choice)
  const said = found.length ? `${found.length} ${found.length === 1 ? 'product' : 'products'}` : 'No products'
  useSaid(said)
  return (
    <View title={choice.q ? `“${choice.q}”, ${said}` : 'Objects for the desk'}>
      <div className="hero">
        <ViewHeading>
          Good objects for the <em>hours at the desk.</em>
        </ViewHeading>
        <p>
          Twelve things, made to be used daily and mended for ten years.{' '}
          {!isFrame && <Link to="/lab">See one session at work in every tab</Link>}
        </p>
      </div>
      <section aria-labelledby="products-title">
        <div className="choice">
          <SearchForm />
          <KindLinks />
          <SortSelect />
          <h2 id="products-title" className="found">
            {said}
          </h2>
        </div>
        {found.length === 0 && (
          <div className="nothing-found">
            <p>Nothing here fits “{choice.q}”.</p>
            <Link to="/" className="button">
              Show all twelve
            </Link>
          </div>
        )}
        <ul className="products" id="products" tabIndex={-1} aria-labelledby="products-title">
          {found.map((product) => (
            <ProductCard key={product.slug} product={product} />
          ))}
        </ul>
      </section>
    </View>
  )
}

const isFrame = readFrameOrder() !== undefined

/** Says how many there are when the choice has changed, not on arrival. */
function useSaid(said: string): void {
  const last = useRef(said)
  useEffect(() => {
    if (last.current !== said) announce(`${said} found.`)
    last.current = said
  }, [said])
}

function SearchForm() {
  const choice = useSearch({ from: '/' })
  const { q = '' } = choice
  const navigate = useNavigate({ from: '/' })
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const words = String(new FormData(event.currentTarget).get('q') ?? '').trim()
    void navigate({ to: '/', search: withWords(choice, words) })
  }
  return (
    <search>
      <form onSubmit={find} className="search-field">
        <SearchIcon />
        <input
          type="search"
          name="q"
          aria-label="Search products"
          placeholder="Search products"
          defaultValue={q}
          key={q}
          // The field is made anew for another address; a visitor who searches keeps the focus.
          ref={keepFocus}
          onInput={({ currentTarget }) => {
            if (!currentTarget.value && q) currentTarget.form?.requestSubmit()
          }}
        />
        <button type="submit">Search</button>
      </form>
    </search>
  )
}

let hadFocus = false
function keepFocus(field: HTMLInputElement | null): (() => void) | undefined {
  if (!field) return undefined
  if (hadFocus) field.focus()
  return () => {
    hadFocus = document.activeElement === field
  }
}

const KindLinks = () => (
  <nav aria-label="Kinds" className="kinds">
    <KindLink />
    {KINDS.map((kind) => (
      <KindLink key={kind} kind={kind} />
    ))}
  </nav>
)

function KindLink({ kind }: { kind?: Kind }) {
  const choice = useSearch({ from: '/' })
  return (
    <Link
      to="/"
      search={withKind(choice, kind)}
      activeOptions={{ exact: true, includeSearch: true }}
      resetScroll={false}
    >
      {kind ?? 'All'}
    </Link>
  )
}

function SortSelect() {
  const choice = useSearch({ from: '/' })
  const { sort = 'featured' } = choice
  const navigate = useNavigate({ from: '/' })
  const change = (next: Sort) => navigate({ to: '/', search: withSort(choice, next) })
  return (
    <label className="sort">
      <span className="unseen">Order</span>
      <select value={sort} onChange={({ target }) => void change(target.value as Sort)}>
        {Object.entries(SORTS).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

const withWords = ({ q: _, ...rest }: Choice, q: string): Choice => (q ? { ...rest, q } : rest)
const withKind = ({ kind: _, ...rest }: Choice, kind: Kind | undefined): Choice =>
  kind ? { ...rest, kind } : rest
const withSort = ({ sort: _, ...rest }: Choice, sort: Sort): Choice =>
  sort === 'featured' ? rest : { ...rest, sort }
