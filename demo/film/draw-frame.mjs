/** Sizes of the film, in pixels. Even numbers: the frames of an animated WebP stand on even places. */
export const TAB = { width: 480, height: 440 }
export const FILM = { width: 2 * TAB.width + 30, height: TAB.height + 100 }

/**
 * Draws one frame, in a page of the browser: two tabs side by side with a caption. Returns the part that differs from
 * the frame before, as base64; undefined where nothing differs.
 *
 * @param {{ caption: string, tabs: { picture: string, name: string, mask: string, ring?: { x: number, y: number } }[],
 *   tab: typeof TAB, film: typeof FILM, quality: number }} frame
 */
export async function drawFrame({ caption, tabs, tab, film, quality }) {
  const [PAPER, INK, SOFT, ACCENT, CARD] = ['#e7e3d6', '#14213d', '#525c72', '#2743e0', '#fffdf8']
  const FONT = 'system-ui, "DejaVu Sans", sans-serif'
  const canvas = new OffscreenCanvas(film.width, film.height)
  const pen = canvas.getContext('2d', { alpha: false })
  pen.fillStyle = PAPER
  pen.fillRect(0, 0, film.width, film.height)
  pen.textBaseline = 'middle'
  for (const [index, { picture, name, mask, ring }] of tabs.entries()) {
    const left = 10 + index * (tab.width + 10)
    pen.fillStyle = CARD
    pen.beginPath()
    pen.roundRect(left, 10, tab.width, tab.height + 34, 10)
    pen.fill()
    pen.fillStyle = INK
    pen.font = `600 14px ${FONT}`
    pen.fillText(name, left + 14, 28)
    pen.fillStyle = SOFT
    pen.font = `13px ui-monospace, "DejaVu Sans Mono", monospace`
    pen.textAlign = 'right'
    pen.fillText(mask, left + tab.width - 14, 28)
    pen.textAlign = 'left'
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob())
    pen.drawImage(bitmap, left, 44)
    if (!ring) continue
    pen.strokeStyle = ACCENT
    pen.lineWidth = 4
    pen.beginPath()
    pen.arc(left + ring.x, 44 + ring.y, 20, 0, 2 * Math.PI)
    pen.stroke()
  }
  pen.fillStyle = INK
  pen.font = `600 20px ${FONT}`
  pen.fillText(caption, 16, film.height - 28)

  const { data } = pen.getImageData(0, 0, film.width, film.height)
  const before = globalThis.filmBefore
  globalThis.filmBefore = data
  const box = { left: film.width, top: film.height, right: 0, bottom: 0 }
  for (let at = 0; at < data.length; at += 4) {
    const isSame =
      before && data[at] === before[at] && data[at + 1] === before[at + 1] && data[at + 2] === before[at + 2]
    if (isSame) continue
    const [x, y] = [(at / 4) % film.width, Math.floor(at / 4 / film.width)]
    box.left = Math.min(box.left, x)
    box.top = Math.min(box.top, y)
    box.right = Math.max(box.right, x + 1)
    box.bottom = Math.max(box.bottom, y + 1)
  }
  if (box.right <= box.left) return
  const [x, y] = [box.left - (box.left % 2), box.top - (box.top % 2)]
  const [width, height] = [box.right - x, box.bottom - y]
  const part = new OffscreenCanvas(width, height)
  part.getContext('2d', { alpha: false }).drawImage(canvas, x, y, width, height, 0, 0, width, height)
  const blob = await part.convertToBlob({ type: 'image/webp', quality })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  return {
    webp: btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')),
    x,
    y,
    width,
    height,
  }
}
