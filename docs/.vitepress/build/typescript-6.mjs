// TypeDoc needs the JavaScript API of TypeScript, which version 7 does not have. `node --import` of this file hands
// it version 6, which is installed beside ours under another name.
import { register } from 'node:module'

const hooks = `export const resolve = (specifier, context, next) =>
  next(specifier === 'typescript' ? 'typescript-6' : specifier, context)`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
