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
export function describeStore(name: string, { open, ...rest }: StoreUnderTest): void {
  describe(`${name} keeps the promises of a SessionStore`, () => {
    let store: SessionStore
    let time: number

    beforeEach(async () => {
      time = Date.now()
      store = await open(() => (rest.hasClock ? time : Date.now()))
    })
    afterEach(() => store.close())

    const subject: Subject = {
      ...rest,
      store: () => store,
      now: () => (rest.hasClock ? time : Date.now()),
      shortMs: rest.hasClock ? 1_000 : 60,
      pass: async (ms) => {
        time += ms
        // Redis counts whole milliseconds, and a key still lives in the last one.
        const end = Date.now() + ms + 1
        while (!rest.hasClock && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
      },
    }
    for (const part of [
      describeAssociating,
      describeLifetime,
      describeErasing,
      describeTenants,
      describeFinding,
      describeScanning,
    ])
      part(subject)
  })
}
