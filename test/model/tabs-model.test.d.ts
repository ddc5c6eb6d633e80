export {};
//# sourceMappingURL=tabs-model.test.d.ts.map