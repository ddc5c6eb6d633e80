import type { SessionStore } from 'storefront-session/server';
/** How the suite gets a fresh store; `now` is the store's clock where it lets us set one. */
export interface StoreUnderTest {
    open(now: () => number): Promise<SessionStore> | SessionStore;
    /** Whether `now` drives expiry. Otherwise expiry is waited for, with a short time to live. */
    hasClock: boolean;
}
/** What every store promises, whatever it runs on. */
export declare function describeStore(name: string, { open, hasClock }: StoreUnderTest): void;
//# sourceMappingURL=store-conformance.d.ts.map