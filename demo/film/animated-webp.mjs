/**
 * Puts pictures together to one animated WebP. The container is a RIFF file: https://developers.google.com/speed/webp/docs/riff_container
 *
 * @param {number} width
 * @param {number} height
 * @param {{ webp: Buffer, x: number, y: number, width: number, height: number, ms: number }[]} frames still WebP
 * pictures, each drawn over the one before it, with even places; `ms`: how long it stays
 * @returns {Buffer}
 */
export function animatedWebp(width, height, frames) {
  const ANIMATION = 0x02
  const header = Buffer.concat([Buffer.from([ANIMATION, 0, 0, 0]), uint24(width - 1), uint24(height - 1)])
  const FOR_EVER = 0
  const animation = Buffer.from([255, 255, 255, 255, FOR_EVER, 0])
  const chunks = frames.map(({ webp, x, y, width, height, ms }) => {
    const DO_NOT_BLEND = 0x02
    const place = [x / 2, y / 2, width - 1, height - 1, ms].map(uint24)
    return chunk('ANMF', Buffer.concat([...place, Buffer.from([DO_NOT_BLEND]), imageOf(webp)]))
  })
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', header),
    chunk('ANIM', animation),
    ...chunks,
  ])
  return chunk('RIFF', body)
}

/** The chunk that holds the pixels, with its header. */
function imageOf(webp) {
  for (let at = 12; at < webp.length; ) {
    const name = webp.toString('latin1', at, at + 4)
    const size = webp.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    if (name === 'VP8 ' || name === 'VP8L') return webp.subarray(at, end)
    at = end
  }
  throw new Error('This is not a still WebP picture')
}

function chunk(name, body) {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}

function uint24(value) {
  const bytes = Buffer.alloc(3)
  bytes.writeUIntLE(value, 0, 3)
  return bytes
}
