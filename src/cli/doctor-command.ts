import { UsageError } from './usage-error.ts'

/** `storefront-session doctor URL`. */
export async function runDoctor(_args: string[]): Promise<number> {
  throw new UsageError('doctor is not built yet')
}
