/** How many schedules; `MODEL_RUNS=1000000` for a long run. */
export const RUNS = Number(process.env.MODEL_RUNS ?? 200)

/** What fast-check prints when it finds something, to see it again; with `MODEL_TRACE=1` it is told step by step. */
const { MODEL_SEED, MODEL_PATH, MODEL_TRACE } = process.env
export const replay = {
  ...(MODEL_SEED && { seed: Number(MODEL_SEED) }),
  ...(MODEL_PATH && { path: MODEL_PATH, endOnFailure: true }),
}
export const trace = MODEL_TRACE ? console.log : undefined
