import type { CommandChange } from '../../change.ts'
import { defineCheck, type Flaw } from '../../check.ts'
import { readRepositories } from '../../repository-facts.ts'

// The configuration of a repository may name programs to be run on the way; agents may have written it.
const git = ['git', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-C']

// The end of an index entry as Git writes it: two bytes with the length of the name, the name, a zero byte.
const entry = (name: string): string => `\0${String.fromCodePoint(name.length)}${name}\0`

export default defineCheck({
  id: 'secrets.not-tracked',
  title: 'files of keys are not in Git',
  severity: 'high',
  why: 'every clone and every push carries the keys, also after the file was deleted',
  source: 'guide 1, secrets; gitignore(5)',
  needs: ['repositories'],
  judge: ({ repositories }) =>
    readRepositories(repositories).flatMap(({ folder, tracked }) =>
      tracked.map((path): Flaw => ({ at: `${folder}/${path}`, saw: 'tracked by Git', want: 'untracked, and its keys changed: the history keeps them (git log --all -- FILE)' })),
    ),
  fix: {
    risk: 'safe',
    part: 'secrets',
    plan: ({ repositories }) =>
      repositories.found.flatMap(({ folder, tracked }) =>
        tracked.map((path): CommandChange => ({
          kind: 'command',
          do: [...git, folder, 'rm', '--cached', '--quiet', '--', path],
          undo: [...git, folder, 'add', '--force', '--', path],
          means: `${path} stays where it is; Git no longer follows it from the next commit on`,
        })),
      ),
  },
  examples: {
    pass: { clean: { config: {}, files: { '$STATE/.git/HEAD': 'ref: refs/heads/main\n', '$STATE/.git/index': `DIRC${entry('README.md')}` } }, none: { config: {} } },
    fail: {
      config: { config: {}, files: { '$STATE/.git/index': `DIRC${entry('openclaw.json')}`, '$STATE/.git/HEAD': '' }, fixedFiles: { '$STATE/.git/index': 'DIRC' } },
      env: { config: {}, files: { '~/.git/index': `DIRC${entry('.openclaw/.env')}` }, fixedFiles: { '~/.git/index': 'DIRC' } },
    },
  },
})
