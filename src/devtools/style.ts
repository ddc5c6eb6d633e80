/** Colours of the devtools. */
export type Theme = 'light' | 'dark'

/** One class name, so that no style of the devtools reaches the app. */
export const CLASS_NAME = 'storefront-session-devtools'

const ROOT = `.${CLASS_NAME}`

// React 18 escapes > and quotes on the server, and the browser then shows another text than the first rendering: so
// neither stands here. Without a theme the colours follow the color-scheme that the page has given its elements.
export const STYLE = `
${ROOT} { font: 13px/1.45 ui-monospace, monospace; color: var(--ink); text-align: start; letter-spacing: normal;
  --paper: light-dark(#fff, #16181d); --ink: light-dark(#16181d, #eceff4); --soft: light-dark(#545b67, #b3bac6);
  --line: light-dark(#d5d9e0, #3a3f4a); --edge: light-dark(#767d8a, #8b94a3); --call: light-dark(#1f5fd0, #7db1ff);
  --carried: light-dark(#15693f, #6fdca6); --without: light-dark(#6b7280, #a3adbd); --event: light-dark(#b23c0c, #ff9a62);
  --bad: light-dark(#b00020, #ff8a8a) }
${ROOT}[data-theme=light] { color-scheme: light }
${ROOT}[data-theme=dark] { color-scheme: dark }
${ROOT}:where(section) { padding: 12px; background: var(--paper); border: 1px solid var(--line); border-radius: 8px }
${ROOT}[data-position] { position: fixed; z-index: 99999; inset: auto; max-width: calc(100vw - 24px) }
${ROOT}[data-position^=top] { top: 12px }
${ROOT}[data-position^=bottom] { bottom: 12px }
${ROOT}[data-position$=left] { left: 12px }
${ROOT}[data-position$=right] { right: 12px }
${ROOT} .corner { display: flex; flex-direction: column; gap: 8px; align-items: flex-start }
${ROOT}[data-position^=bottom] .corner { flex-direction: column-reverse }
${ROOT}[data-position$=right] .corner { align-items: flex-end }
${ROOT} .panel { box-sizing: border-box; width: min(860px, calc(100vw - 24px)); max-height: min(70vh, calc(100vh - 80px));
  padding: 12px; overflow: auto; background: var(--paper); border: 1px solid var(--edge); border-radius: 8px;
  box-shadow: 0 8px 30px #0004 }
${ROOT} button, ${ROOT} select { min-height: 28px; margin: 0; padding: 3px 10px; font: inherit; color: var(--ink);
  background: var(--paper); border: 1px solid var(--edge); border-radius: 6px; cursor: pointer }
${ROOT} button:focus-visible, ${ROOT} select:focus-visible, ${ROOT} [tabindex]:focus-visible {
  outline: 2px solid var(--call); outline-offset: 2px }
${ROOT} .reveal { min-height: 24px; padding: 0 6px; color: var(--soft) }
${ROOT} .dot { display: inline-block; width: 8px; height: 8px; margin: 0 2px 0 0; border-radius: 50%;
  background: var(--without) }
${ROOT} .dot.ready { background: var(--carried) }
${ROOT} .dot.error { background: var(--bad) }
${ROOT} .actions { display: flex; flex-wrap: wrap; gap: 6px; align-items: center }
${ROOT} p { margin: 0 }
${ROOT} h2 { margin: 0 0 4px; font: inherit; font-weight: 700; letter-spacing: normal }
${ROOT} code { font: inherit; color: inherit; background: none; padding: 0; overflow-wrap: anywhere }
${ROOT} .lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr)); gap: 12px 20px }
${ROOT} .lists section { min-width: 0 }
${ROOT} dl { margin: 0 }
${ROOT} dl div { display: grid; grid-template-columns: 110px minmax(0, 1fr); gap: 8px }
${ROOT} dt { color: var(--soft) }
${ROOT} dd { margin: 0; overflow-wrap: anywhere }
${ROOT} ol, ${ROOT} ul { margin: 0; padding: 0; list-style: none }
${ROOT} .rows { max-height: 190px; overflow: auto }
${ROOT} .rows li { display: block; padding: 2px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere }
${ROOT} time { color: var(--soft) }
${ROOT} figure { margin: 12px 0; padding: 0; border: 0; background: none }
${ROOT} figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; justify-content: space-between;
  margin-bottom: 4px }
${ROOT} figcaption ul { display: flex; flex-wrap: wrap; gap: 2px 12px; color: var(--soft) }
${ROOT} figcaption li { display: flex; gap: 5px; align-items: center }
${ROOT} figcaption .swatch { width: 14px; height: 4px; background: var(--kind) }
${ROOT} figcaption .event .swatch { width: 8px; height: 8px; rotate: 45deg }
${ROOT} figcaption .wait .swatch { opacity: .45 }
${ROOT} .lanes { min-height: 90px; max-height: 320px; overflow: auto; border: 1px solid var(--line); border-radius: 6px }
${ROOT} .lanes svg { display: block }
${ROOT} .call { --kind: var(--call) }
${ROOT} .attached { --kind: var(--carried) }
${ROOT} .unattached { --kind: var(--without) }
${ROOT} .event { --kind: var(--event) }
${ROOT} .wait { --kind: var(--call) }
${ROOT} .bad { --kind: var(--bad) }
${ROOT} .lanes line { stroke: var(--line) }
${ROOT} .lanes text { font: 11px ui-monospace, monospace; fill: var(--ink) }
${ROOT} .lanes .axis text { font-size: 10px; fill: var(--soft) }
${ROOT} .lanes .name { font-weight: 700 }
${ROOT} .lanes .bar, ${ROOT} .lanes path { fill: var(--kind) }
${ROOT} .lanes .bad text { fill: var(--bad) }
${ROOT} .lanes rect.wait { fill: var(--kind); opacity: .45 }
@media (forced-colors: active) {
  ${ROOT} .lanes svg, ${ROOT} figcaption .swatch, ${ROOT} .dot { forced-color-adjust: none }
  ${ROOT} .lanes svg { background: var(--paper) }
}
`
