// Median and spread: a mean would let one pause of the machine decide.

const sorted = (values) => [...values].sort((a, b) => a - b)
const at = (values, share) => sorted(values)[Math.round((values.length - 1) * share)] ?? Number.NaN

export const median = (values) => at(values, 0.5)

/** `median (10th to 90th percentile)`. */
export function spread(values, digits = 1) {
  const [middle, low, high] = [0.5, 0.1, 0.9].map((share) => at(values, share).toFixed(digits))
  return low === high ? middle : `${middle} (${low}–${high})`
}

/** Whole numbers: one where all runs agree, else the range. */
export function count(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low === high ? String(low) : `${low}–${high}`
}

/** The rounds after the first, which warms up; a quick run has only that one. */
export const afterWarmUp = (rounds) => (rounds.length > 1 ? rounds.slice(1) : rounds)

/** Runs each subject once a round, in an order that changes from round to round: drift of the machine hits all. */
export async function inTurns(subjects, rounds, measure) {
  const results = new Map(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round++)
    for (let index = 0; index < subjects.length; index++) {
      const subject = subjects[(index + round) % subjects.length]
      results.get(subject).push(await measure(subject, round))
    }
  return results
}
