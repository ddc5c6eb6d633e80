/** What an editor shows on hover, asked of the TypeScript language service. */
import { fileURLToPath } from 'node:url'
import type { SessionEvent, SessionNote } from 'storefront-session'
import ts from 'typescript-6'
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const root = fileURLToPath(new URL('../../', import.meta.url))
const FILE = `${root}test/types/editor.tsx`
/** Each event and each note of devtools, with a part of its text. */
const EVENTS: Record<SessionEvent['type'], RegExp> = {
  created: /made a new session/,
  restored: /found in storage/,
  adopted: /Another tab/,
  replaced: /another id/,
  lost: /does not know this id/,
  associated: /confirmed these fields/,
  'association-failed': /refused for good/,
  reset: /was left/,
  forgotten: /is removed/,
  'storage-unavailable': /refused storage/,
}
const NOTES: Record<Exclude<SessionNote['type'], SessionEvent['type']>, RegExp> = {
  attached: /carries the id/,
  unattached: /without the id/,
  called: /call of the Session API/,
}

/** An app, with a marker before each name that is hovered over. */
const APP = `
import { createSessionClient, isSessionError, type SessionState, useSession } from 'storefront-session'

declare const error: unknown
declare const state: SessionState

const session = useSession()
const { /*reset, destructured*/reset } = useSession()
void session./*useSession associate*/associate({ customerId: 'ada' })
void session./*useSession reset*/reset()
session./*useSession forget*/forget()

const client = createSessionClient({ baseUrl: '/gks-server/v1' })
void client./*client associate*/associate({ customerId: 'ada' })
client./*client identify*/identify('ada')
void client./*client reset*/reset()
client./*client forget*/forget()

if (isSessionError(error)) console.log(error./*error.code*/code)
if (state.status === 'error') console.log(state.error./*state.error.code*/code)
if (session.status === 'error') console.log(session.error./*session.error.code*/code, reset)

createSessionClient({
  baseUrl: '/gks-server/v1',
  onEvent(event) {
    ${Object.keys(EVENTS)
      .map((type) => `if (event.type === '${type}') console.log(event./*event ${type}*/type)`)
      .join('\n')}
  },
})
client.observe((note) => {
  ${Object.keys(NOTES)
    .map((type) => `if (note.type === '${type}') console.log(note./*note ${type}*/type)`)
    .join('\n')}
})
`

const entries = Object.keys(manifest.exports)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => (name === '.' ? 'index' : name.slice(2)))
const entryFiles = (entry: string) =>
  [`${root}src/${entry}.ts`, `${root}src/${entry}.tsx`].filter(ts.sys.fileExists)

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  root,
)
const service = ts.createLanguageService({
  getScriptFileNames: () => [FILE, ...entries.flatMap(entryFiles)],
  getScriptVersion: () => '1',
  getScriptSnapshot(file) {
    const text = file === FILE ? APP : ts.sys.readFile(file)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  getCurrentDirectory: () => root,
  getCompilationSettings: () => options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (file) => file === FILE || ts.sys.fileExists(file),
  readFile: ts.sys.readFile,
})

/** The text of the docstring that an editor shows for the name after a marker. */
function hoverText(marker: string): string {
  const at = APP.indexOf(`/*${marker}*/`) + marker.length + 4
  return ts.displayPartsToString(service.getQuickInfoAtPosition(FILE, at)?.documentation)
}

test('the app that is hovered over compiles', () => {
  const problems = service.getSemanticDiagnostics(FILE)
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([])
  // The first question compiles the library.
}, 60_000)

const TEXTS: Record<string, RegExp> = {
  'useSession associate': /^Ties ids to the session/,
  'useSession reset': /^Leaves this session in every tab/,
  'reset, destructured': /^Leaves this session in every tab/,
  'useSession forget': /^Consent withdrawn/,
  'client associate': /^Ties ids to the session/,
  'client identify': /^Tells who is signed in/,
  'client reset': /^Leaves this session in every tab/,
  'client forget': /^Consent withdrawn/,
  'error.code': /`network`.*`disabled`/,
  'state.error.code': /`network`.*`disabled`/,
  'session.error.code': /`network`.*`disabled`/,
  ...Object.fromEntries(Object.entries(EVENTS).map(([type, text]) => [`event ${type}`, text])),
  ...Object.fromEntries(Object.entries(NOTES).map(([type, text]) => [`note ${type}`, text])),
}

test.each(Object.entries(TEXTS))('the hover text of %s says what it does', (marker, text) => {
  expect(hoverText(marker)).toMatch(text)
})

test.each(entries)('every public name of the entry %s has a hover text', (entry) => {
  const program = service.getProgram()
  const checker = program?.getTypeChecker()
  const source = entryFiles(entry).map((file) => program?.getSourceFile(file))[0]
  const module = source && checker?.getSymbolAtLocation(source)
  if (!checker || !module) throw new Error(`The entry ${entry} has no exports`)
  const silent = checker
    .getExportsOfModule(module)
    .map((name) => (name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name))
    .filter((name) => !name.getDocumentationComment(checker).length)
  expect(silent.map(({ name }) => name)).toEqual([])
})
