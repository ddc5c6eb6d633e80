/** Starts the real demo on a free port with a database of its own. */
export declare function startDemo(): Promise<{
    url: string;
    close: () => Promise<void>;
}>;
//# sourceMappingURL=demo-app.d.ts.map