export {};
//# sourceMappingURL=main-path.browser.test.d.ts.map