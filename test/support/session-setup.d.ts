import { type SessionClientOptions, type SessionEvent } from 'storefront-session/core';
import { type ApiServer } from './api-server.ts';
/** A real API and an empty storage for each test; every client that `open` made is stopped afterwards. */
export declare function withSessionApi(): {
    api: ApiServer;
    events: SessionEvent[];
    /** One tab: a client of its own. */
    open(options?: Partial<SessionClientOptions>): import("storefront-session/core").SessionClient;
};
//# sourceMappingURL=session-setup.d.ts.map