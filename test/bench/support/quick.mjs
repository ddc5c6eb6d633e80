// BENCH_QUICK=1 runs a benchmark once with little work: it shows that the benchmark works. Its figures mean nothing.

export const isQuick = process.env.BENCH_QUICK === '1'

/** An amount of work, or the small one of a quick run. */
export const amount = (full, quick) => (isQuick ? quick : full)

/** How many rounds to run: BENCH_ROUNDS, or the benchmark's own number. */
export const roundsOf = (full) => Number(process.env.BENCH_ROUNDS ?? amount(full, 1))
