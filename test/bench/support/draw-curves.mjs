// Draws what grows as a small SVG: a panel for each thing, both axes logarithmic, so that a straight line as steep
// as the dashed one is linear growth.

const LINES = {
  requests: { name: 'requests', value: ({ requests }) => requests },
  messages: { name: 'messages', value: ({ messages }) => messages },
  ms: { name: 'ms', value: ({ ms }) => ms },
  bytes: { name: 'kB', value: ({ bytes }) => bytes / 1000 },
}
const PANEL = { width: 300, height: 220, left: 44, right: 66, top: 34, bottom: 30 }
const FLOOR = 0.1

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 13px }
  .axis { stroke: #8c959f; fill: none }
  .grid { stroke: #d1d9e0; fill: none }
  .linear { stroke: #8c959f; stroke-dasharray: 3 4; fill: none }
  .line { fill: none; stroke-width: 2 }
  .requests { stroke: #0969da } .messages { stroke: #8250df } .ms { stroke: #bc4c00 } .bytes { stroke: #1a7f37 }
  text.requests { fill: #0969da; stroke: none } text.messages { fill: #8250df; stroke: none }
  text.ms { fill: #bc4c00; stroke: none } text.bytes { fill: #1a7f37; stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .grid { stroke: #30363d }
    .requests { stroke: #58a6ff } .messages { stroke: #d2a8ff } .ms { stroke: #ffa657 } .bytes { stroke: #56d364 }
    text.requests { fill: #58a6ff } text.messages { fill: #d2a8ff } text.ms { fill: #ffa657 } text.bytes { fill: #56d364 }
  }`

const short = (value) => (value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${value / 1e3}k` : String(value))

/** @param curves what grows, to its steps: `{ count, requests, messages, ms, bytes }` */
export function drawCurves(curves) {
  const panels = Object.entries(curves).map(([title, steps], index) => {
    const { width, height } = PANEL
    return `<g transform="translate(${(index % 2) * width} ${Math.floor(index / 2) * height})">${drawPanel(title, steps)}</g>`
  })
  const [width, height] = [PANEL.width * 2, PANEL.height * Math.ceil(panels.length / 2)]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Requests, messages, milliseconds and kilobytes with more ${Object.keys(curves).join(', ')}</title>
<style>${STYLE}
</style>
${panels.join('\n')}
</svg>
`
}

function drawPanel(title, steps) {
  const { width, height, left, right, top, bottom } = PANEL
  const counts = steps.map(({ count }) => count)
  const lines = Object.entries(LINES)
    .map(([kind, { name, value }]) => ({
      kind,
      name,
      values: steps.map((step) => Math.max(FLOOR, value(step))),
    }))
    .filter(({ values }) => values.some((value) => value > FLOOR))
  const highest = 10 ** Math.ceil(Math.log10(Math.max(...lines.flatMap(({ values }) => values))))
  const scale = (from, to, low, high) => (value) =>
    from + ((to - from) * Math.log(value / low)) / Math.log(high / low)
  const x = scale(left, width - right, counts[0], counts.at(-1))
  const y = scale(height - bottom, top, FLOOR, highest)
  const path = (values) =>
    values
      .map((value, index) => `${index ? 'L' : 'M'}${x(counts[index]).toFixed(1)} ${y(value).toFixed(1)}`)
      .join('')

  const parts = [`<text class="title" x="${left}" y="18">${title}</text>`]
  for (let power = Math.log10(FLOOR); 10 ** power <= highest; power++) {
    const at = y(10 ** power).toFixed(1)
    parts.push(`<path class="grid" d="M${left} ${at}H${width - right}"/>`)
    if (power % 2 === 0)
      parts.push(`<text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${short(10 ** power)}</text>`)
  }
  for (const count of counts)
    parts.push(
      `<text x="${x(count).toFixed(1)}" y="${height - 12}" text-anchor="middle">${short(count)}</text>`,
    )
  const reach = Math.min(highest, counts.at(-1) / counts[0])
  parts.push(
    `<path class="axis" d="M${left} ${top}V${height - bottom}H${width - right}"/>`,
    `<path class="linear" d="M${x(counts[0]).toFixed(1)} ${y(1).toFixed(1)}L${x(counts[0] * reach).toFixed(1)} ${y(reach).toFixed(1)}"/>`,
    ...lines.map(({ kind, values }) => `<path class="line ${kind}" d="${path(values)}"/>`),
  )
  // A label beside the end of its line, moved where two would overlap.
  let last = Number.POSITIVE_INFINITY
  for (const { kind, name, values } of [...lines].sort((a, b) => a.values.at(-1) - b.values.at(-1))) {
    last = Math.min(last - 13, y(values.at(-1)) + 4)
    parts.push(`<text class="${kind}" x="${width - right + 5}" y="${last.toFixed(1)}">${name}</text>`)
  }
  return parts.join('\n')
}
