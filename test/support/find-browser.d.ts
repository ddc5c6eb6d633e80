import type { TestProject } from 'vitest/node';
declare module 'vitest' {
    interface ProvidedContext {
        browserPath: string;
    }
}
/** Gives the browser tests a Chromium, installing one where none is found. */
export default function setup(project: TestProject): void;
//# sourceMappingURL=find-browser.d.ts.map