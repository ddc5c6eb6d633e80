import type { PromiseCard } from './cards/card.ts'
import { cards } from './cards/cards.ts'
import { type CardResult, useCards } from './use-cards.ts'

/** The eleven promises of the contract, each to be tried here and now. */
export function Promises() {
  const { resultOf, results, run } = useCards()
  const isRunning = [...results.values()].some(({ state }) => state === 'running')
  const tried = [...results.values()].length
  const kept = [...results.values()].filter(({ state }) => state === 'holds').length
  return (
    <section className="promises" aria-labelledby="promises-title">
      <h2 id="promises-title">Eleven promises, measured in your browser</h2>
      <div className="cards">
        <div className="run-all">
          <p className="tally" role="status">
            {isRunning ? 'Measuring …' : tried ? `${kept} of ${tried} hold` : ''}
          </p>
          <p>
            Each card provokes what it promises, with real requests and real storage under a key of its own,
            and tidies up. Cut the requests, and it fails.
          </p>
          <button type="button" aria-disabled={isRunning} onClick={() => !isRunning && run(cards)}>
            Run all eleven
          </button>
        </div>
        {cards.map((card) => (
          <Card key={card.number} card={card} result={resultOf(card)} onRun={() => run([card])} />
        ))}
      </div>
    </section>
  )
}

interface CardProps {
  card: PromiseCard
  result: CardResult
  onRun: () => void
}

function Card({ card: { number, title, expected }, result, onRun }: CardProps) {
  const isRunning = result.state === 'running'
  return (
    <article className="promise" data-state={result.state} aria-labelledby={`promise-${number}`}>
      <div className="promise-head">
        <h3 id={`promise-${number}`}>
          <span className="number">{number}.</span> {title}
        </h3>
        <button type="button" aria-disabled={isRunning} onClick={() => !isRunning && onRun()}>
          Run<span className="unseen"> promise {number}</span>
        </button>
      </div>
      <p className="expected">{expected}</p>
      <div role="status" className="result">
        <Result result={result} />
      </div>
    </article>
  )
}

function Result({ result }: { result: CardResult }) {
  if (result.state === 'new') return null
  if (result.state === 'running') return <p className="running">Measuring …</p>
  return (
    <>
      <p className="verdict">{result.state === 'holds' ? '✓ It holds' : '✗ Broken'}</p>
      {result.trouble && <p>{result.trouble}</p>}
      <ul>
        {result.measures.map(({ text, holds }) => (
          <li key={text} className={holds ? 'held' : 'not-held'}>
            <span aria-hidden="true">{holds ? '✓' : '✗'}</span>
            {!holds && <span className="unseen">Not so: </span>} {text}
          </li>
        ))}
      </ul>
    </>
  )
}
