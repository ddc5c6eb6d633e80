export default {
  testEnvironment: 'jsdom',
  transform: { '\\.[jt]sx?$': ['@swc/jest', { jsc: { transform: { react: { runtime: 'automatic' } } } }] },
  // The package is ESM only, and Jest does not transform what is in node_modules.
  transformIgnorePatterns: ['/node_modules/(?!storefront-session/)'],
  testPathIgnorePatterns: ['/node_modules/', 'account-with-api'],
}
