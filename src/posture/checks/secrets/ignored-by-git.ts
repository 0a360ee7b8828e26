import type { FileChange } from '../../change.ts'
import { defineCheck, type Flaw } from '../../check.ts'
import type { Repository } from '../../facts/repositories.ts'
import { readRepositories } from '../../repository-facts.ts'

export default defineCheck({
  id: 'secrets.ignored-by-git',
  title: 'files of keys are ignored by Git',
  severity: 'medium',
  why: 'the next git add . takes them along, and the push after it publishes them',
  source: 'guide 1, secrets: .gitignore; gitignore(5)',
  needs: ['repositories'],
  judge: ({ repositories }) =>
    readRepositories(repositories).flatMap(({ folder, unignored }) => unignored.map((path): Flaw => ({ at: `${folder}/${path}`, saw: 'not ignored', want: 'a line in .gitignore' }))),
  fix: { risk: 'safe', part: 'secrets', plan: ({ repositories }) => repositories.found.filter(({ unignored }) => unignored.length > 0).map(ignoring) },
  examples: {
    pass: {
      ignored: { config: {}, files: { '$STATE/.git/HEAD': '', '$STATE/.env': 'A=b\n', '$STATE/.gitignore': '.env*\n/openclaw.json*\n' } },
      all: { config: {}, files: { '~/.git/HEAD': '', '~/.gitignore': '*\n!README.md\n' } },
    },
    fail: {
      nothing: { config: {}, files: { '$STATE/.git/HEAD': '', '$STATE/.env': 'A=b\n' } },
      takenBack: { config: {}, files: { '$STATE/.git/HEAD': '', '$STATE/.gitignore': 'openclaw.json\n.env\n!.env\n', '$STATE/.env': 'A=b\n' } },
    },
  },
})

function ignoring({ ignoreFile: { path, text }, unignored }: Repository): FileChange {
  const before = text === null || text === '' || text.endsWith('\n') ? (text ?? '') : `${text}\n`
  return { kind: 'file', path, from: text, to: `${before}${unignored.map((name) => `/${name}\n`).join('')}`, mode: 0o644 }
}
