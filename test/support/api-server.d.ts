/** One request as the server saw it. */
export interface SeenRequest {
    method: string;
    path: string;
    search: string;
    headers: Record<string, string | string[] | undefined>;
    body: string;
}
type Fault = (request: SeenRequest) => Response | Promise<Response> | undefined;
/** A real session API on a free port of the loopback interface, with a log and faults that a test sets. */
export interface ApiServer {
    baseUrl: string;
    origin: string;
    seen: SeenRequest[];
    /** The requests as `METHOD path`, ids replaced by `:id`. */
    calls(): string[];
    /** Answers in place of the API where it returns a Response. */
    fault: Fault | undefined;
    /** Waited before each answer. */
    latencyMs: number;
    /** The server forgets all sessions. */
    forgetAll(): void;
    close(): Promise<void>;
}
export declare function startApiServer(): Promise<ApiServer>;
export {};
//# sourceMappingURL=api-server.d.ts.map