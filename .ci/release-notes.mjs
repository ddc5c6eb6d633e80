// Prints the section of CHANGELOG.md that belongs to a tag such as v0.1.0. Fails if the tag is not the version of
// package.json, or if the section has no date.
import { readFileSync } from 'node:fs'

const [tag = ''] = process.argv.slice(2)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^(?=## )/m)
const section = sections.find((text) => text.startsWith(`## [${version}]`)) ?? ''
const [heading, ...lines] = section.split('\n')

if (tag !== `v${version}`) fail(`The tag ${tag} does not belong to version ${version} of package.json.`)
if (!/ - \d{4}-\d\d-\d\d$/.test(heading))
  fail(`CHANGELOG.md has no dated section for ${version}. Write: ## [${version}] - YYYY-MM-DD`)
console.log(lines.join('\n').trim())

function fail(message) {
  console.error(message)
  process.exit(1)
}
