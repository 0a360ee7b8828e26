import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'memory.no-credentials',
  title: 'no credentials stand in what agents remember',
  severity: 'high',
  why: 'memory is sent to the model with every turn, and said back to whoever asks for it cleverly',
  source: "guides, no secrets in memory: audit memory files periodically; OpenClaw docs, concepts/agent-workspace (what not to commit)",
  needs: ['workspace'],
  judge: ({ workspace }) => workspace.files.flatMap(({ path, secrets }) => secrets.map(({ line, what }) => ({ at: `${path}:${line}`, saw: what, want: 'a reference to a secret store' }))),
  fix: {
    risk: 'safe',
    part: 'secrets',
    plan: ({ workspace }) => workspace.files.filter(({ text, withoutSecrets }) => text !== withoutSecrets).map(({ path, text, withoutSecrets }) => ({ kind: 'file', path, from: text, to: withoutSecrets })),
  },
  examples: {
    pass: {
      notes: { files: { '$STATE/workspace/MEMORY.md': '# Memory\n\nThe printer is on the second floor.\n' } },
      'a reference': { files: { '$STATE/workspace/TOOLS.md': 'The key of the mail service is in the vault under mail/api.\n' } },
      'nobody there': { config: {} },
    },
    fail: {
      memory: { files: { '$STATE/workspace/MEMORY.md': `# Memory\n\n- GitHub: ${token()}\n` } },
      'a daily note of another agent': { config: { agents: { list: [{ id: 'ops' }] } }, files: { '$STATE/workspace-ops/memory/2026-11-20.md': `login with ${token()} today\n` } },
    },
  },
})

// Put together here, so that no scanner takes this file for a leak.
function token(): string {
  return ['ghp', 'R7tQ2mXv9LkZ4nWs8bYc1dJf6hGp3aEu5xNo'].join('_')
}
