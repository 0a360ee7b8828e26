import type { FileChange } from '../../change.ts'
import { defineCheck, type Flaw } from '../../check.ts'
import { readRepositories } from '../../repository-facts.ts'

const made = ['x-access', 'ghp'].join('-')
const remote = (user: string): string => `[remote "origin"]\n\turl = https://${user}example.com/me/claw.git\n`

export default defineCheck({
  id: 'secrets.none-in-git-remotes',
  title: 'addresses of Git remotes hold no passwords',
  severity: 'high',
  why: 'the token stands in a file agents read, and in the output of git remote -v',
  source: 'git-credential-store(1); guide 1, secrets',
  needs: ['repositories'],
  judge: ({ repositories }) =>
    readRepositories(repositories).flatMap(({ folder, remotesWithPassword }) =>
      remotesWithPassword.map((name): Flaw => ({ at: `${folder}/.git/config: remote ${name}`, saw: 'a password in its address', want: 'a deploy key, or a credential helper' })),
    ),
  fix: {
    risk: 'restart',
    part: 'secrets',
    plan: ({ repositories }) =>
      repositories.found
        .filter(({ remotesWithPassword }) => remotesWithPassword.length > 0)
        .map(({ config: { path, text } }): FileChange => ({ kind: 'file', path, from: text, to: withoutPasswords(text ?? '') })),
  },
  examples: {
    pass: { without: { config: {}, files: { '$STATE/workspace/.git/config': remote('') } }, userOnly: { config: {}, files: { '$STATE/workspace/.git/config': remote('git@') } } },
    fail: { token: { config: {}, files: { '$STATE/workspace/.git/config': remote(`me:${made}@`) } } },
  },
})

/** The name of the user stays: a credential helper looks the rest up by it. */
function withoutPasswords(config: string): string {
  return config.replaceAll(/^(\s*(?:push)?url\s*=\s*https?:\/\/[^/\s:]*):[^/\s@]+@/gim, '$1@')
}
