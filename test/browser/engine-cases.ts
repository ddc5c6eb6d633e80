import { describe } from 'vitest'
import { describeCrashes } from './crash-cases.ts'
import { describeLeaving } from './leaving-cases.ts'
import { describeRequests } from './request-cases.ts'
import { describeReturn } from './return-cases.ts'
import { describeServerHalf } from './server-half-cases.ts'
import { describeStorage } from './storage-cases.ts'
import type { Engine } from './support/engine.ts'
import { withVisitor } from './support/visitor.ts'
import { describeTabs } from './tab-cases.ts'

/** The cases that need a real browser, the same for each engine. */
export function describeEngine(engine: Engine): void {
  describe(engine.name, () => {
    const visitor = withVisitor(engine)
    describeTabs(visitor)
    describeStorage(visitor)
    describeLeaving(visitor)
    describeRequests(visitor)
    describeReturn(visitor)
    describeCrashes(visitor)
    describeServerHalf(visitor)
  })
}
