export {};
//# sourceMappingURL=redis-store.slow.test.d.ts.map