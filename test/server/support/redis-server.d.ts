import { type ChildProcess } from 'node:child_process';
/** A real redis-server on loopback. */
export interface RedisServer {
    port: number;
    url: string;
    process: ChildProcess;
    /** Runs `redis-cli` against it and gives what it prints. */
    cli(...args: string[]): string;
    /** Ends it the hard way, as a crash would. */
    kill(): Promise<void>;
    /** Starts it again on the same port and files. */
    restart(): Promise<void>;
    /** Ends it and removes its files. */
    remove(): Promise<void>;
}
/** Whether the binary is there; tests that need it say so when it is not. */
export declare function hasRedisServer(): boolean;
/** A TCP port that is free now. Below 55,536, because a cluster node also takes port + 10,000. */
export declare function freePort(): Promise<number>;
export declare function startRedis(...options: string[]): Promise<RedisServer>;
//# sourceMappingURL=redis-server.d.ts.map