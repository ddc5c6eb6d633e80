/** One deliberate fault of the client. */
interface Fault {
  name: string
  what: string
  changes: { file: string; find: string; replace: string }[]
}

export const FAULTS: Fault[]
