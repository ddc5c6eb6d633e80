/**
 * Types the further fields that your server answers in SessionInfo. Without it an unknown field is a compile error.
 *
 * @example
 * declare module 'storefront-session' {
 *   interface Register {
 *     sessionInfo: { loyaltyTier?: string }
 *   }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps add the field `sessionInfo` by declaration merging
export interface Register {}
