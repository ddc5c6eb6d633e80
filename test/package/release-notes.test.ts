import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../.ci/release-notes.mjs', import.meta.url))
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storefront-notes-'))
  writeFileSync(join(folder, 'package.json'), '{"version":"0.2.0"}')
})
afterEach(() => rmSync(folder, { recursive: true }))

function notesFor(tag: string, changelog: string) {
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, tag], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const changelog = (heading: string) =>
  `# Changelog\n\n## [Unreleased]\n\n${heading}\n\n### Added\n\n- Hats.\n\n## [0.1.0] - 2026-01-01\n\n- Shoes.\n`

test('the release notes are the section of the version', () => {
  expect(notesFor('v0.2.0', changelog('## [0.2.0] - 2026-02-01'))).toMatchObject({
    status: 0,
    stdout: '### Added\n\n- Hats.\n',
  })
})

test('the release notes refuse a tag of another version', () => {
  expect(notesFor('v0.3.0', changelog('## [0.2.0] - 2026-02-01'))).toEqual({
    status: 1,
    stdout: '',
    stderr: 'The tag v0.3.0 does not belong to version 0.2.0 of package.json.\n',
  })
})

test.each(['## [0.2.0] - Unreleased', '## [0.2.0]', '## [0.9.0] - 2026-02-01'])(
  'the release notes refuse a changelog with "%s" in place of the dated section',
  (heading) => {
    expect(notesFor('v0.2.0', changelog(heading))).toEqual({
      status: 1,
      stdout: '',
      stderr: 'CHANGELOG.md has no dated section for 0.2.0. Write: ## [0.2.0] - YYYY-MM-DD\n',
    })
  },
)
