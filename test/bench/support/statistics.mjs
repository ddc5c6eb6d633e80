// Median and spread. One pause of the machine would decide a mean.

const sorted = (values) => [...values].sort((a, b) => a - b)
/** The value below which this share of the values lies. */
export const at = (values, share) => sorted(values)[Math.round((values.length - 1) * share)] ?? Number.NaN

export const median = (values) => at(values, 0.5)

/** `median (10th to 90th percentile)`. */
export function spread(values, digits = 1) {
  const [middle, low, high] = [0.5, 0.1, 0.9].map((share) => at(values, share).toFixed(digits))
  return low === high ? middle : `${middle} (${low}–${high})`
}

/** Whole numbers: one number if all runs agree, else the range. */
export function count(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low === high ? String(low) : `${low}–${high}`
}

/** The rounds after the first one, which warms up. A quick run has only the first one. */
export const afterWarmUp = (rounds) => (rounds.length > 1 ? rounds.slice(1) : rounds)

/** Runs each subject once a round. The order changes from round to round, so that drift of the machine hits all. */
export async function inTurns(subjects, rounds, measure) {
  const results = new Map(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round++)
    for (let index = 0; index < subjects.length; index++) {
      const subject = subjects[(index + round) % subjects.length]
      results.get(subject).push(await measure(subject, round))
    }
  return results
}
