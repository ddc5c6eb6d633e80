export {};
//# sourceMappingURL=tabs.browser.test.d.ts.map