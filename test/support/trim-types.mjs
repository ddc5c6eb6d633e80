// Removes from the declarations of a build what no entry exports, in itself or in the types of what it exports. Lines
// become empty, so that the declaration maps stay right; files of which nothing is left are removed.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-6'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url)).replaceAll('\\', '/')
const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const entries = Object.values(exports).flatMap(({ types }) => (types ? [types.replace('./dist/', dist)] : []))
const program = ts.createProgram(entries, {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
})
const checker = program.getTypeChecker()

/** Statements and specifiers of imports and exports that stay. */
const kept = new Set()

/** Keeps the declarations of a symbol, and every import and export that leads to them. */
function keepSymbol(symbol) {
  for (const declaration of symbol?.declarations ?? []) {
    if (!declaration.getSourceFile().fileName.startsWith(dist)) continue
    if (symbol.flags & ts.SymbolFlags.Alias) kept.add(declaration)
    else keepStatement(declaration)
  }
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) keepSymbol(checker.getImmediateAliasedSymbol(symbol))
}

/** Keeps the statement around a node, and all that its names mean. */
function keepStatement(node) {
  let statement = node
  while (statement.parent && !ts.isSourceFile(statement.parent)) statement = statement.parent
  if (kept.has(statement) || ts.isSourceFile(statement)) return
  kept.add(statement)
  const visit = (part) => {
    if (ts.isIdentifier(part)) keepSymbol(checker.getSymbolAtLocation(part))
    ts.forEachChild(part, visit)
  }
  visit(statement)
}

/** The text that replaces an import or export with a list of names; undefined: it stays as it is. */
function trimmedList(statement, text) {
  const list = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : ts.isExportDeclaration(statement) && statement.moduleSpecifier && statement.exportClause
  if (!list?.elements) return
  const used = list.elements.filter((element) => kept.has(element))
  if (!used.length) return ''
  const names = used.map((element) => element.getText()).join(', ')
  return `${text.slice(statement.getFullStart(), list.getStart())}{ ${names} }${text.slice(list.end, statement.end)}`
}

const isDeclaration = (statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)

for (const entry of entries) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry))
  for (const symbol of checker.getExportsOfModule(module)) keepSymbol(symbol)
}
for (const file of program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(dist))) {
  const isLeft =
    entries.includes(file.fileName) ||
    file.statements.some((statement) =>
      isDeclaration(statement) ? kept.has(statement) : trimmedList(statement, file.text),
    )
  if (!isLeft) {
    rmSync(file.fileName)
    rmSync(`${file.fileName}.map`)
    continue
  }
  let text = ''
  let end = 0
  for (const statement of file.statements) {
    const old = file.text.slice(statement.getFullStart(), statement.end)
    const trimmed = isDeclaration(statement)
      ? kept.has(statement)
        ? old
        : ''
      : (trimmedList(statement, file.text) ?? old)
    text += file.text.slice(end, statement.getFullStart()) + trimmed
    text += '\n'.repeat(old.split('\n').length - trimmed.split('\n').length)
    end = statement.end
  }
  writeFileSync(file.fileName, text + file.text.slice(end))
}
