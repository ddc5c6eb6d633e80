import { sqliteStore } from '../../../src/server/stores/sqlite.ts'
import { visit } from './visitors.ts'

/** A process whose visitors use one file; each of their deeds is a line on stdout. Runs until it is killed. */
const [path = '', name = ''] = process.argv.slice(2)
const store = sqliteStore({ path, sweepMs: 50 })
for (let visitor = 0; visitor < 20; visitor++)
  void visit(
    store,
    `${name}-${visitor}`,
    (deed) => process.stdout.write(`${deed.join(' ')}\n`),
    () => false,
  )
