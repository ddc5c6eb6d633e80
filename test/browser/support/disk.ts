import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether some file below this folder has the text, as bytes of Latin letters or in UTF-16. */
export function isOnDisk(folder: string, text: string): boolean {
  const spellings = [Buffer.from(text), Buffer.from(text, 'utf16le')]
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => {
    if (!entry.isFile()) return false
    try {
      const content = readFileSync(join(entry.parentPath, entry.name))
      return spellings.some((spelling) => content.includes(spelling))
    } catch {
      return false // Gone meanwhile: a browser's files come and go.
    }
  })
}
