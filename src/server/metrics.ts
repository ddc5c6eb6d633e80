import type { RequestReport } from './session-handler.ts'

/** Counts requests and writes them down in the text format of Prometheus. */
export interface Metrics {
  count(report: RequestReport): void
  countStoreError(): void
  expose(): string
}

/** Upper bounds of the latency histogram, in seconds. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

interface Series {
  labels: string
  count: number
  sumS: number
  /** How many requests took at most as long as the bucket of the same index. */
  buckets: number[]
}

/** Metrics of one server. Labels are method, route template and status: nothing that grows with visitors. */
export function createMetrics(): Metrics {
  const series = new Map<string, Series>()
  let storeErrors = 0

  const seriesOf = ({ method, route, status }: RequestReport): Series => {
    const labels = `method="${method}",route="${route}",status="${status}"`
    const known = series.get(labels)
    if (known) return known
    const made = { labels, count: 0, sumS: 0, buckets: BUCKETS_S.map(() => 0) }
    series.set(labels, made)
    return made
  }

  const exposeSeries = ({ labels, count, sumS, buckets }: Series): string[] => [
    ...BUCKETS_S.map((bound, index) => `${DURATION}_bucket{${labels},le="${bound}"} ${buckets[index]}`),
    `${DURATION}_bucket{${labels},le="+Inf"} ${count}`,
    `${DURATION}_sum{${labels}} ${sumS.toFixed(6)}`,
    `${DURATION}_count{${labels}} ${count}`,
  ]

  return {
    count: (report) => {
      const entry = seriesOf(report)
      const seconds = report.ms / 1000
      entry.count++
      entry.sumS += seconds
      BUCKETS_S.forEach((bound, index) => {
        if (seconds <= bound) entry.buckets[index] = (entry.buckets[index] ?? 0) + 1
      })
    },
    countStoreError: () => {
      storeErrors++
    },
    expose: () =>
      [
        `# HELP ${DURATION} Time from a request of the session API to its answer.`,
        `# TYPE ${DURATION} histogram`,
        ...[...series.values()].flatMap(exposeSeries),
        '# HELP storefront_session_store_errors_total Operations that the session store refused or did not answer.',
        '# TYPE storefront_session_store_errors_total counter',
        `storefront_session_store_errors_total ${storeErrors}`,
        '# HELP process_resident_memory_bytes Resident memory of this process.',
        '# TYPE process_resident_memory_bytes gauge',
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
        '',
      ].join('\n'),
  }
}

const DURATION = 'storefront_session_request_duration_seconds'
