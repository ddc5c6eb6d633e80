export {};
//# sourceMappingURL=01-one-session.dom.test.d.ts.map