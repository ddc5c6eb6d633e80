import type { World } from './world.ts'

/** One thing that a card has measured. */
export interface Measure {
  text: string
  holds: boolean
}

/** One promise of the contract, and how this browser can see whether it is kept. */
export interface PromiseCard {
  number: number
  title: string
  /** What to expect, in one or two sentences. */
  expected: string
  /** Provokes it with real requests and real storage. Throws a {@link Stuck} where it can't go on. */
  run(world: World): Promise<Measure[]>
}

/** Something did not come in time; the text says what. */
export class Stuck extends Error {}

export const measure = (text: string, holds: boolean): Measure => ({ text, holds })
