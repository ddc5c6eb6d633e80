import type { ApiServer } from './api-server.ts';
/** Lets the API server serve a page that starts a client, from the same origin and thus the same storage. */
export declare function serveTabPage(api: ApiServer): Promise<string>;
//# sourceMappingURL=tab-page.d.ts.map