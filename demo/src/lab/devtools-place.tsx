/**
 * The place of the package's devtools: `<SessionDevtoolsPanel />` of `storefront-session/devtools` stands here, inside
 * the SessionProvider of this page. Until it is there, the place is not shown.
 */
export function DevtoolsPlace() {
  return null
}
