import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { manyPeople } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { execPolicy } from '../../exec-policy.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { sandboxJudge } from '../../sandbox-runtime.ts'
import { reaches } from '../../tool-reach.ts'

// The program has to be there for the fix to be more than a broken agent.
const docker = { '/usr/bin/docker': '' }

export default defineCheck({
  id: 'sandbox.on-where-commands-run',
  title: 'agents that run commands run them in a sandbox',
  severity: 'medium',
  why: 'without one a command has everything the gateway has: its files, its network, its keys in the environment',
  source: 'OpenClaw docs, gateway/sandboxing (off by default); hardening guide, run tool execution inside Docker containers',
  ...sandboxJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const { mode, at } = sandboxMode(config, scope)
      if (mode === 'all' || execPolicy(config, scope).security === 'deny' || reaches(config, scope, ['exec', 'process']).length === 0) return []
      const crowd = manyPeople(config).length > 0
      // With `non-main` the direct chats of the one person it belongs to stay outside, which is a choice.
      if (mode === 'non-main' && !crowd) return []
      return [{ at, saw: `${mode} for ${scopeName(scope)}`, want: 'all', to: 'all', ...(crowd && { severity: 'high' as const }) }]
    }),
  ),
  examples: {
    pass: {
      all: { config: { agents: { defaults: { sandbox: { mode: 'all' } } } } },
      'no commands': { config: { tools: { exec: { security: 'deny' } } } },
      'no shell tool': { config: { tools: { deny: ['group:runtime'] } } },
      'own chats outside': { config: { agents: { defaults: { sandbox: { mode: 'non-main' } } } } },
    },
    fail: {
      'by default': { files: docker, config: {} },
      'off for one': { files: docker, config: { agents: { defaults: { sandbox: { mode: 'all' } }, list: [{ id: 'ops', sandbox: { mode: 'off' } }] } } },
      'own chats outside, with many people': { files: docker, config: { agents: { defaults: { sandbox: { mode: 'non-main' } } }, channels: { slack: { dmPolicy: 'open' } } } },
    },
  },
})
