/** Durations by labels, in the text format of Prometheus. */
export interface Histogram {
  /** `labels` such as `method="GET",status="200"`: values that do not grow with visitors. */
  observe(labels: string, ms: number): void
  expose(): string[]
}

interface Series {
  count: number
  sumS: number
  /** How many durations fell into the bucket of the same index, and into no smaller one. */
  buckets: number[]
}

/** Upper bounds of the buckets, in seconds. */
const BOUNDS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createHistogram(name: string, help: string): Histogram {
  const series = new Map<string, Series>()

  const exposeSeries = (labels: string, { count, sumS, buckets }: Series): string[] => {
    let total = 0
    return [
      ...BOUNDS_S.map((bound, index) => {
        total += buckets[index] ?? 0
        return `${name}_bucket{${labels},le="${bound}"} ${total}`
      }),
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${sumS.toFixed(6)}`,
      `${name}_count{${labels}} ${count}`,
    ]
  }

  return {
    observe: (labels, ms) => {
      let entry = series.get(labels)
      if (!entry) {
        entry = { count: 0, sumS: 0, buckets: BOUNDS_S.map(() => 0) }
        series.set(labels, entry)
      }
      const seconds = ms / 1_000
      entry.count++
      entry.sumS += seconds
      const index = BOUNDS_S.findIndex((bound) => seconds <= bound)
      if (index >= 0) entry.buckets[index] = (entry.buckets[index] ?? 0) + 1
    },
    expose: () => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...[...series].flatMap(([labels, entry]) => exposeSeries(labels, entry)),
    ],
  }
}
