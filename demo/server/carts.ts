import Database from 'libsql'
import { type CartLine, MOST_PIECES } from '../src/cart/cart.ts'

/** Carts that survive the server, each with one owner: a session, or a customer. */
export interface Carts {
  of(owner: string): CartLine[]
  /** Adds to a line, or takes from it; a line of 0 goes. */
  change(owner: string, slug: string, by: number): void
  /** What stands in one cart moves into another. */
  move(from: string, to: string): boolean
  empty(owner: string): void
  close(): void
}

const KEPT_MS = 30 * 24 * 3_600_000

const SCHEMA = `CREATE TABLE IF NOT EXISTS lines (
  owner TEXT NOT NULL, slug TEXT NOT NULL, quantity INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (owner, slug)
) STRICT`

export function createCarts(path: string): Carts {
  const database = new Database(path, { timeout: 2_000 })
  database.pragma('journal_mode = WAL')
  database.exec(SCHEMA)
  database.prepare('DELETE FROM lines WHERE changed_at < ?').run(Date.now() - KEPT_MS)
  const select = database.prepare('SELECT slug, quantity FROM lines WHERE owner = ? ORDER BY rowid')
  const add = database.prepare(`INSERT INTO lines (owner, slug, quantity, changed_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (owner, slug) DO UPDATE SET
      quantity = min(quantity + excluded.quantity, ${MOST_PIECES}), changed_at = excluded.changed_at`)
  const clear = database.prepare('DELETE FROM lines WHERE owner = ? AND quantity <= 0')
  const empty = database.prepare('DELETE FROM lines WHERE owner = ?')

  // The columns are those of SCHEMA.
  const of = (owner: string) => select.all(owner) as CartLine[]
  const change = (owner: string, slug: string, by: number) => {
    add.run(owner, slug, Math.min(by, MOST_PIECES), Date.now())
    clear.run(owner)
  }
  return {
    of,
    change,
    move(from, to) {
      const lines = of(from)
      for (const { slug, quantity } of lines) change(to, slug, quantity)
      empty.run(from)
      return lines.length > 0
    },
    empty: (owner) => void empty.run(owner),
    close: () => database.close(),
  }
}
