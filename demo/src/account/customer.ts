import { useStoredValue } from '../page/stored-value.ts'

/** Who is signed in, as the shop knows it; a real shop has a cookie of its own for this. Shared by all tabs. */
export const useCustomer = (): [string | null, (customer: string | null) => void] =>
  useStoredValue('halfnote-customer')
