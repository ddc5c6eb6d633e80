import { createSessionAdmin, reportOn, type SessionReport, sessionsAbout } from '../server/session-admin.ts'
import type { SessionStore, StoredSession } from '../server/session-store.ts'
import { isAssociationId } from '../wire/session-info.ts'
import { openExistingStore } from './open-store.ts'
import { createProgress } from './progress.ts'
import { readFlags } from './read-flags.ts'
import { openChosenStore, readStoreChoice } from './store-choice.ts'
import { UsageError } from './usage-error.ts'

const SESSIONS_HELP = `storefront-session sessions: finds, exports and erases stored sessions

  sessions find --customer ID     the sessions of a customer
  sessions export --customer ID   these, and the anonymous sessions that they name as previousSessionId
  sessions remove --customer ID   erases what export shows
  sessions report                 how many sessions there are

  --store STORE     where they live: sqlite:PATH, redis://HOST:PORT     sqlite:sessions.db
                    and the others of "serve"; or STOREFRONT_SESSION_STORE
  --store-file PATH a file that holds STORE; or STOREFRONT_SESSION_STORE_FILE
  --json            report as JSON
  --help            this text

find and export write one JSON object for each session, remove and report one in all, to stdout. It may run beside a
server. Exit code: 0, or 1 if the command line is wrong or the store can't be used.
`

const FLAGS = {
  customer: { type: 'string' },
  store: { type: 'string' },
  'store-file': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** An empty variable counts as unset. */
const VARIABLES = { store: 'STOREFRONT_SESSION_STORE', 'store-file': 'STOREFRONT_SESSION_STORE_FILE' }

interface Asked {
  store: SessionStore
  customerId: string
  json: boolean
}

/** Each answers what goes to stdout. */
const ACTIONS = {
  find: async ({ store, customerId }: Asked) => {
    const lines: string[] = []
    for await (const session of createSessionAdmin({ store }).find({ customerId }))
      lines.push(toLine(session))
    return lines.join('')
  },
  export: async ({ store, customerId }: Asked) => {
    const { own, previous } = await sessionsAbout(store, customerId)
    return [...own, ...previous].map(toLine).join('')
  },
  remove: async ({ store, customerId }: Asked) =>
    `${JSON.stringify({ removed: await createSessionAdmin({ store }).removeCustomer(customerId) })}\n`,
  report: async ({ store, json }: Asked) => {
    const progress = createProgress('sessions read', await store.count?.())
    const report = await reportOn(store, progress.show).finally(progress.end)
    return json ? `${JSON.stringify(report)}\n` : describe(report)
  },
}

/** `storefront-session sessions ACTION`: prints the sessions or the report, and returns the exit code. */
export async function runSessions(args: string[]): Promise<number> {
  try {
    return await run(args)
  } catch (error) {
    // This command ends with 1 where others end with 2.
    if (error instanceof UsageError) throw new Error(error.message, { cause: error })
    throw withReason(error)
  }
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = readFlags('sessions', { args, options: FLAGS, allowPositionals: true })
  if (values.help) {
    process.stdout.write(SESSIONS_HELP)
    return 0
  }
  const [action = '', ...rest] = positionals
  if (!isAction(action) || rest.length)
    throw new UsageError('sessions takes one of find, export, remove, report (see sessions --help)')
  const { customer = '' } = values
  if (action === 'report' && values.customer !== undefined)
    throw new UsageError('sessions report takes no --customer: it counts all sessions')
  if (action !== 'report' && !isAssociationId(customer))
    throw new UsageError(`sessions ${action} needs --customer ID, of 1 to 256 visible ASCII characters`)
  if (action !== 'report' && values.json) throw new UsageError(`sessions ${action} always writes JSON`)
  const choice = readStoreChoice(values, (flag) => process.env[VARIABLES[flag]] || undefined)
  const { store } = openChosenStore(choice, openExistingStore)
  try {
    process.stdout.write(await ACTIONS[action]({ store, customerId: customer, json: values.json ?? false }))
    return 0
  } finally {
    await store.close()
  }
}

const isAction = (name: string): name is keyof typeof ACTIONS => Object.hasOwn(ACTIONS, name)

const toLine = ({ createdAt, expiresAt, ...ids }: StoredSession): string =>
  `${JSON.stringify({ ...ids, createdAt: toIso(createdAt), expiresAt: toIso(expiresAt) })}\n`

const toIso = (time: number): string => new Date(time).toISOString()

const describe = ({ sessions, withCustomer, oldest, newest }: SessionReport): string =>
  `sessions       ${sessions}\nwith customer  ${withCustomer}\noldest         ${oldest ?? '-'}\nnewest         ${newest ?? '-'}\n`

/** Of a store that is away the cause tells more: there is no connection, because nothing listens there. */
function withReason(error: unknown): unknown {
  if (!(error instanceof Error && error.cause instanceof Error && 'code' in error)) return error
  return new Error(`${error.message}: ${error.cause.message}`, { cause: error })
}
