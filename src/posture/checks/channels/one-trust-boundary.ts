import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge, withEntries } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { commandsAreKept, execPolicy } from '../../exec-policy.ts'
import { filesAreKept } from '../../open-reach.ts'
import { nameOf } from '../../setting-change.ts'
import { reaches, wordList } from '../../tool-reach.ts'

export default defineCheck({
  id: 'channels.one-trust-boundary',
  title: 'an agent that several people reach has no shell and no files of the host',
  severity: 'medium',
  why: "OpenClaw is made for one person: everybody who reaches the agent acts with that person's files, keys and accounts",
  source: 'OpenClaw docs, gateway/security/trust-model and audit-checks (security.trust_model.multi_user_heuristic)',
  covers: ['security.trust_model.multi_user_heuristic'],
  ...settingsJudge((config) => {
    const signs = manyPeople(config)
    if (signs.length === 0) return []
    return scopesOf(config).flatMap((scope) => {
      const shell = execPolicy(config, scope).security === 'deny' || commandsAreKept(config, scope) ? [] : reaches(config, scope, ['exec', 'process'])
      const files = filesAreKept(config, scope) ? [] : reaches(config, scope, ['read', 'write', 'edit', 'apply_patch'])
      if (shell.length + files.length === 0) return []
      const at = [...scope.tools, 'deny']
      const deny = [...(shell.length > 0 ? ['group:runtime'] : []), ...(files.length > 0 ? ['group:fs'] : [])]
      return [
        {
          at,
          saw: `${[...shell, ...files].join(', ')} for ${scopeName(scope)}; several people through ${[...new Set(signs.map((sign) => nameOf(sign.at)))].slice(0, 3).join(', ')}`,
          want: 'a sandbox for every session, or these tools denied, or a gateway for each group of people',
          to: withEntries(wordList(config, at), deny),
        },
      ]
    })
  }),
  examples: {
    pass: {
      'one person': { config: { channels: { telegram: { dmPolicy: 'pairing', allowFrom: ['1'] } } } },
      sandboxed: { config: { agents: { defaults: { sandbox: { mode: 'all' } } }, channels: { slack: { groupPolicy: 'allowlist', channels: { C1: {} } } } } },
      'nothing to reach': { config: { tools: { profile: 'messaging' }, channels: { slack: { groupPolicy: 'open' } } } },
    },
    fail: {
      'listed groups': { config: { channels: { slack: { groupPolicy: 'allowlist', channels: { C1: {} } } } } },
      'everybody in the list': { config: { tools: { fs: { workspaceOnly: true } }, channels: { telegram: { allowFrom: ['*'] } } } },
    },
  },
})
