import { useCallback, useState } from 'react'
import { type Measure, type PromiseCard, Stuck } from './cards/card.ts'
import { createWorld } from './cards/world.ts'

/** What a card says. */
export type CardResult =
  | { state: 'new' }
  | { state: 'running' }
  | { state: 'holds' | 'broken'; measures: readonly Measure[]; trouble: string | null }

const NEW: CardResult = { state: 'new' }

/** Runs promise cards, one after another: two at once would disturb each other's counts. */
export function useCards() {
  const [results, setResults] = useState<ReadonlyMap<number, CardResult>>(new Map())
  const run = useCallback((wanted: readonly PromiseCard[]) => {
    const set = (card: PromiseCard, result: CardResult) =>
      setResults((before) => new Map(before).set(card.number, result))
    for (const card of wanted) set(card, { state: 'running' })
    queue = queue.then(async () => {
      for (const card of wanted) set(card, await runCard(card))
    })
  }, [])
  return { resultOf: (card: PromiseCard) => results.get(card.number) ?? NEW, results, run }
}

let queue = Promise.resolve()

async function runCard(card: PromiseCard): Promise<CardResult> {
  const world = createWorld(card.number)
  try {
    const measures = await card.run(world)
    const holds = measures.length > 0 && measures.every((measure) => measure.holds)
    return { state: holds ? 'holds' : 'broken', measures, trouble: null }
  } catch (error) {
    return { state: 'broken', measures: [], trouble: explain(error) }
  } finally {
    world.end()
  }
}

function explain(error: unknown): string {
  if (error instanceof Stuck) return `${error.message}. Is the API unreachable, or its weather not normal?`
  return `It stopped: ${error instanceof Error ? error.message : String(error)}`
}
