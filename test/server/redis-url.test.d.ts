export {};
//# sourceMappingURL=redis-url.test.d.ts.map