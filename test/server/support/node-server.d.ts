import { type RequestListener } from 'node:http';
/** A Node server on a free loopback port, and how to end it. */
export interface NodeServer {
    /** Such as `http://127.0.0.1:12345`. */
    url: string;
    port: number;
    close(): Promise<void>;
}
export declare function listen(listener: RequestListener): Promise<NodeServer>;
//# sourceMappingURL=node-server.d.ts.map