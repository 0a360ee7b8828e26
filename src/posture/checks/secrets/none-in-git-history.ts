import { defineCheck } from '../../check.ts'

const tip = 'b'.repeat(40)
const git = { '~/.openclaw/workspace/.git/HEAD': 'ref: refs/heads/main\n', '~/.openclaw/workspace/.git/refs/heads/main': `${tip}\n` }
const asked = `git log /home/claw/.openclaw/workspace/.git/objects ${tip}`
const patch = (path: string, line: string): string => `\0commit ${tip}\n\ndiff --git a/${path} b/${path}\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${line}\n`

export default defineCheck({
  id: 'secrets.none-in-git-history',
  title: 'no commit of a workspace, a skill or the configuration holds a secret',
  severity: 'high',
  why: 'a key that was committed once is in every clone and every push, also after the file was cleaned or deleted',
  source: 'gitglossary(7), reachable; guide 1, secrets; OpenClaw docs, concepts/agent-workspace (a private Git repository as its backup)',
  needs: ['gitHistory'],
  applies: ({ gitHistory: { folders } }) => folders.length > 0,
  judge({ gitHistory: { found, unread } }) {
    if (found.length === 0 && unread[0]) throw new Error(`${unread[0].path} could not be looked into: ${unread[0].why}`)
    return found.map(({ folder, path, commit, what, commits }) => ({
      at: `${folder}/${path}`,
      saw: `${what.join(', ')} in commit ${commit}${commits === 1 ? '' : ` and ${commits - 1} older`}`,
      want: 'a new key from its issuer first; then a history without it',
    }))
  },
  manual: 'rotate the key (`hardshell secrets rotate NAME`), then take it out of the history with git filter-repo --replace-text and make every clone anew',
  examples: {
    pass: {
      clean: { files: git, runs: { [asked]: patch('MEMORY.md', 'The printer is on the second floor.') } },
      'no repository': { config: {} },
      'no commit yet': { files: { '~/.openclaw/workspace/.git/HEAD': 'ref: refs/heads/main\n' } },
    },
    fail: {
      'deleted since': { files: git, runs: { [asked]: patch('.env', `GITHUB_TOKEN=${token()}`) } },
      'in a skill that was cloned': {
        files: { '$STATE/skills/notes/.git/packed-refs': `# pack-refs with: peeled\n${tip} refs/heads/main\n`, '$STATE/skills/notes/SKILL.md': 'x' },
        runs: { [`git log /home/claw/.openclaw/skills/notes/.git/objects ${tip}`]: patch('run.sh', `export GH=${token()}`) },
      },
    },
  },
})

// Put together here, so that no scanner takes this file for a leak.
function token(): string {
  return ['ghp', 'R7tQ2mXv9LkZ4nWs8bYc1dJf6hGp3aEu5xNo'].join('_')
}
