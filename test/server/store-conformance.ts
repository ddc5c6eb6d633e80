import type { SessionStore } from 'storefront-session/server'
import { afterEach, beforeEach, describe } from 'vitest'
import { describeAssociating } from './conformance/associating.ts'
import { describeErasing } from './conformance/erasing.ts'
import { describeFinding } from './conformance/finding.ts'
import { describeLifetime } from './conformance/lifetime.ts'
import { describeScanning } from './conformance/scanning.ts'
import type { StoreUnderTest, Subject } from './conformance/subject.ts'
import { describeTenants } from './conformance/tenants.ts'

/** What every store promises, whatever it runs on. */
export function describeStore(name: string, { open, keysMove, version }: StoreUnderTest): void {
  describe(`${name} keeps the promises of a SessionStore`, () => {
    let store: SessionStore
    let time: number

    beforeEach(async () => {
      time = Date.now()
      store = await open(() => time)
    })
    afterEach(() => store.close())

    const subject: Subject = {
      ...(version && { version }),
      store: () => store,
      now: () => time,
      pass: (ms) => {
        time += ms
      },
    }
    describeAssociating(subject)
    describeLifetime(subject)
    describeErasing(subject)
    describeTenants(subject)
    describeFinding(subject)
    if (!keysMove) describeScanning(subject)
  })
}
