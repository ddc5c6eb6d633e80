import type { Environment } from '../../src/core/environment.ts';
/** One page of the simulated browser. */
export interface Tab {
    environment: Environment;
    isAlive: boolean;
    listeners: Map<string, Set<(event: never) => void>>;
}
/** What the simulated browser offers, and how the simulated server behaves. */
export interface Conditions {
    hasLocks: boolean;
    hasChannel: boolean;
}
/**
 * One browser profile and one server, in hand: a clock that only moves when told, storage that all tabs share,
 * locks, channels, and a network whose answers take the time that `latency` says.
 */
export declare function createWorld({ hasLocks, hasChannel }: Conditions): {
    server: {
        sessions: Map<string, Partial<Record<"customerId" | "globalVisitId" | "visitId", string>>>;
        isDown: boolean;
        isOffline: boolean;
        latencies: number[];
        requests: {
            method: string;
            id: string | undefined;
            customerId: string | null;
        }[];
    };
    storage: Map<string, string>;
    openTab: () => Tab;
    fire: (tab: Tab, name: string, event?: object) => void;
    settle: () => Promise<void>;
    fields: readonly ["customerId", "visitId", "globalVisitId"];
    close(tab: Tab): void;
    clearStorage(): void;
    /** Lets time pass, timer by timer. */
    pass(ms: number): Promise<void>;
};
//# sourceMappingURL=world.d.ts.map