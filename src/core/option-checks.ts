import { SessionError } from '../wire/session-error.ts'
import { isAssociationId, isSessionId } from '../wire/session-info.ts'
import type { SessionClientOptions, SessionStorage } from './options.ts'
import { warn } from './warnings.ts'

/** The name of a header, but for those that a browser keeps to itself. */
const HEADER = /^(?!(cookie|host)$|(sec|proxy)-)[\w!#$%&'*+.^`|~-]+$/i

const OPTIONS = [
  'agentId',
  'attach',
  'baseUrl',
  'create',
  'durable',
  'enabled',
  'eraseOnServer',
  'fetch',
  'headers',
  'initialSession',
  'onEvent',
  'queryClient',
  'resume',
  'retry',
  'revalidateMs',
  'rotate',
  'storage',
  'storageKey',
  'tenantId',
  'timeoutMs',
]
const ATTACH_OPTIONS = ['to', 'when', 'as', 'name', 'waitMs', 'isLost']

/** Whether a value is right, and which values are. */
type Check = readonly [name: string, value: unknown, isRight: boolean, allowed: string]

const isMilliseconds = (value: unknown) => value === undefined || (typeof value === 'number' && value >= 0)
const isFlag = (value: unknown) => value === undefined || typeof value === 'boolean'
const isFunction = (value: unknown) => value === undefined || value === null || typeof value === 'function'
const isOneOf = (value: unknown, ...choices: string[]) =>
  value === undefined || choices.includes(value as string)
const isStorage = (value: unknown) =>
  ['getItem', 'setItem', 'removeItem'].every(
    (method) => typeof (value as SessionStorage | null)?.[method as keyof SessionStorage] === 'function',
  )

function checksOf(options: SessionClientOptions, isBaseUrl: boolean): Check[] {
  const { baseUrl, agentId, tenantId, create, initialSession, storage, storageKey } = options
  return [
    [
      'baseUrl',
      baseUrl,
      isBaseUrl,
      'a path such as /gks-server/v1 or an http(s) URL, without query and hash',
    ],
    [
      'storageKey',
      storageKey,
      storageKey === undefined || (typeof storageKey === 'string' && !!storageKey),
      'a text that is not empty',
    ],
    [
      'storage',
      storage,
      isOneOf(storage, 'local', 'session', 'memory') || isStorage(storage),
      "'local', 'session', 'memory' or an object with getItem, setItem and removeItem",
    ],
    ['fetch', options.fetch, isFunction(options.fetch), 'a function like fetch'],
    ['onEvent', options.onEvent, isFunction(options.onEvent), 'a function'],
    ['tenantId', tenantId, tenantId === undefined || typeof tenantId === 'string', 'a text'],
    [
      'agentId',
      agentId,
      agentId === undefined || isAssociationId(agentId),
      '1 to 256 visible ASCII characters',
    ],
    ['create', create, isOneOf(create, 'server', 'client'), "'server' or 'client'"],
    ['rotate', options.rotate, isOneOf(options.rotate, 'on-sign-in'), "'on-sign-in'"],
    [
      'resume',
      options.resume,
      isFlag(options.resume) && !(options.resume && create === 'client'),
      "true or false, and not true together with create: 'client', where the browser makes the id",
    ],
    ['eraseOnServer', options.eraseOnServer, isFlag(options.eraseOnServer), 'true or false'],
    [
      'initialSession',
      initialSession,
      !initialSession || isSessionId(initialSession.sessionId),
      'a SessionInfo with a valid sessionId',
    ],
    ['timeoutMs', options.timeoutMs, isMilliseconds(options.timeoutMs), 'milliseconds, 0 or more'],
    ['retry', options.retry, isMilliseconds(options.retry), 'a number of attempts, 0 or more'],
    ['revalidateMs', options.revalidateMs, isMilliseconds(options.revalidateMs), 'milliseconds, 0 or more'],
  ]
}

function checksOfAttach({ attach: given = {} }: SessionClientOptions): Check[] {
  const attach: typeof given = Object(given)
  return [
    ['attach', given, attach === given, "an object such as { to: ['/api'] }"],
    [
      'attach.to',
      attach.to,
      !attach.to || (Array.isArray(attach.to) && attach.to.every(Boolean)),
      'a list of paths and URLs',
    ],
    ['attach.when', attach.when, isFunction(attach.when), 'a function of a URL and a method'],
    ['attach.as', attach.as, isOneOf(attach.as, 'query', 'header'), "'query' or 'header'"],
    [
      'attach.name',
      attach.name,
      attach.as !== 'header' || HEADER.test(attach.name ?? 'sessionId'),
      'the name of a header that a page may set',
    ],
    ['attach.isLost', attach.isLost, isFunction(attach.isLost), 'a function of a Response'],
    ['attach.waitMs', attach.waitMs, isMilliseconds(attach.waitMs), 'milliseconds, 0 or more'],
  ]
}

const show = (value: unknown) => {
  try {
    if (typeof value === 'function') return 'a function'
    return (typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))).slice(
      0,
      100,
    )
  } catch {
    return String(value) // A circle, or a BigInt.
  }
}

/** Development only. @throws SessionError `invalid-input` */
export function checkInDevelopment(given: SessionClientOptions | undefined, isBaseUrl: boolean): void {
  const options = given ?? ({} as SessionClientOptions) // what JavaScript lets through; baseUrl is told to be missing
  for (const [name, value, isRight, allowed] of [...checksOf(options, isBaseUrl), ...checksOfAttach(options)])
    if (!isRight)
      throw new SessionError(
        'invalid-input',
        `createSessionClient: ${name} must be ${allowed}, not ${show(value)}`,
      )
  warnOfUnknown(options, OPTIONS, '')
  warnOfUnknown(options.attach ?? {}, ATTACH_OPTIONS, 'attach.')
  warnOfUnreachable(options.attach?.to ?? [])
}

function warnOfUnknown(options: object, known: string[], prefix: string): void {
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && !known.includes(name))
      warn(`unknown option ${prefix}${name}. Known options: ${known.map((one) => prefix + one).join(', ')}.`)
}

/** Places that no URL lies below. */
function warnOfUnreachable(to: readonly (string | URL)[]): void {
  for (const place of to) {
    const text = String(place)
    const isRegExp = Object.prototype.toString.call(place) === '[object RegExp]'
    if (isRegExp || /[*]|^[^/:]*$/.test(text))
      warn(
        `attach.to ${isRegExp ? text : JSON.stringify(text)} can never match a request. Write a path that begins with a slash, such as /api, or a whole URL; patterns are not supported (attach.when can refuse single requests).`,
      )
  }
}
