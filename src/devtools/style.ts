/** One class name, so that nothing of the app is touched; light and dark by the app's own `color-scheme`. */
export const CLASS_NAME = 'storefront-session-devtools'

// No `>`: React 18 escapes it on the server, and the browser then shows another text than the first rendering.
export const STYLE = `
.${CLASS_NAME} { position: fixed; inset: auto 12px 12px auto; z-index: 99999; color-scheme: light dark;
  max-width: min(440px, calc(100vw - 24px)); font: 13px/1.45 ui-monospace, monospace; color: light-dark(#16181d, #eceff4) }
.${CLASS_NAME} button, .${CLASS_NAME} section { background: light-dark(#fff, #16181d); color: inherit; font: inherit;
  border: 1px solid light-dark(#767d8a, #8b94a3); border-radius: 8px }
.${CLASS_NAME} button { float: right; padding: 6px 10px; cursor: pointer }
.${CLASS_NAME} section { max-height: 60vh; margin-bottom: 8px; padding: 12px; overflow: auto }
.${CLASS_NAME} dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 0 }
.${CLASS_NAME} dd { margin: 0; overflow-wrap: anywhere }
.${CLASS_NAME} h2 { margin: 12px 0 4px; font: inherit; font-weight: 700 }
.${CLASS_NAME} ol { margin: 0; padding: 0; list-style: none }
`
