export {};
//# sourceMappingURL=openapi.test.d.ts.map