import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

interface OpenApi {
  paths: Record<string, Record<string, unknown>>
}

/** One answer, as a client sees it. */
export interface SeenAnswer {
  method: string
  /** Path and query below the base path. */
  target: string
  status: number
  headers: Headers
  text: string
}

export const openApi: OpenApi = JSON.parse(
  readFileSync(new URL('../../../src/server/openapi.json', import.meta.url), 'utf8'),
)

/** Checks answers against the OpenAPI document; gives what is wrong with one, or null. */
export function createAnswerCheck(): (answer: SeenAnswer) => string | null {
  const ajv = new Ajv2020({ strict: false })
  // The package is CommonJS: its function stands under `default` as Node imports it.
  const formats = addFormats as unknown as { default?: (ajv: Ajv2020) => void } & ((ajv: Ajv2020) => void)
  ;(formats.default ?? formats)(ajv)
  ajv.addSchema(openApi, 'openapi')
  const compiled = new Map<string, ReturnType<Ajv2020['compile']>>()
  const validate = (pointer: string, value: unknown): string | null => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
    compiled.set(pointer, known)
    return known(value) ? null : ajv.errorsText(known.errors)
  }

  return ({ method, target, status, headers, text }) => {
    const path = target.split('?')[0] ?? ''
    const route =
      path !== '/sessions/{sessionId}' && Object.hasOwn(openApi.paths, path)
        ? path
        : /^\/sessions\/[^/]+$/.test(path)
          ? '/sessions/{sessionId}'
          : undefined
    const operation = route && Object.hasOwn(openApi.paths[route] ?? {}, method.toLowerCase())
    const pointer = operation
      ? follow(`/paths/${escapePointer(route)}/${method.toLowerCase()}/responses/${status}`)
      : `/components/responses/${route ? 'MethodNotAllowed' : 'UnknownRoute'}`
    if (!operation && status !== (route ? 405 : 404))
      return `status ${status} for a path or method that is not in the document`
    const response = pointer && lookUp(pointer)
    if (!response) return `status ${status} is not documented for ${method} ${route}`
    for (const [name, { required = true }] of Object.entries(response.headers ?? {}))
      if (required && headers.get(name) === null) return `the header ${name} is missing`
    if (method === 'HEAD' || !response.content)
      return text ? 'there is a body where none is documented' : null
    if (headers.get('content-type') !== 'application/json; charset=utf-8')
      return 'the body is not JSON in UTF-8'
    return validate(`${pointer}/content/${escapePointer('application/json')}/schema`, JSON.parse(text))
  }
}

interface DocumentedResponse {
  $ref?: string
  headers?: Record<string, { required?: boolean }>
  content?: object
}

const escapePointer = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1')

/** What stands at a JSON pointer of the document. */
function lookUp(pointer: string): DocumentedResponse | undefined {
  let value: unknown = openApi
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    value = Object.getOwnPropertyDescriptor(Object(value), key)?.value
  }
  // Only pointers to responses are asked for.
  return value as DocumentedResponse | undefined
}

const follow = (pointer: string): string => lookUp(pointer)?.$ref?.slice(1) ?? pointer
