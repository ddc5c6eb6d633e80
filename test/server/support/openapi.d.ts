interface OpenApi {
    paths: Record<string, Record<string, unknown>>;
}
/** One answer, as a client sees it. */
export interface SeenAnswer {
    method: string;
    /** Path and query below the base path. */
    target: string;
    status: number;
    headers: Headers;
    text: string;
}
export declare const openApi: OpenApi;
/** Checks answers against the OpenAPI document; gives what is wrong with one, or null. */
export declare function createAnswerCheck(): (answer: SeenAnswer) => string | null;
export {};
//# sourceMappingURL=openapi.d.ts.map