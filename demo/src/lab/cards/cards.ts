import type { PromiseCard } from './card.ts'
import { onePerBrowser } from './promise-1.ts'
import { noWaiting } from './promise-2.ts'
import { neverBreaks } from './promise-3.ts'
import { nothingLost } from './promise-4.ts'
import { lostAndFound } from './promise-5.ts'
import { onlyWhereItBelongs } from './promise-6.ts'
import { plainStorage } from './promise-7.ts'
import { fewRenders } from './promise-8.tsx'
import { serverRendering } from './promise-9.ts'
import { newIdOnSignIn } from './promise-10.ts'
import { signOutEverywhere } from './promise-11.ts'

/** In the order of the contract's section 3. */
export const cards: readonly PromiseCard[] = [
  onePerBrowser,
  noWaiting,
  neverBreaks,
  nothingLost,
  lostAndFound,
  onlyWhereItBelongs,
  plainStorage,
  fewRenders,
  serverRendering,
  newIdOnSignIn,
  signOutEverywhere,
]
