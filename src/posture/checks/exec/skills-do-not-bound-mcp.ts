import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge, type BadSetting } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { execPolicy } from '../../exec-policy.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import type { McporterFacts } from '../../facts/mcporter.ts'
import { mcpServers } from '../../mcp-servers.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { deepValue } from '../../setting-change.ts'

export default defineCheck({
  id: 'exec.skills-do-not-bound-mcp',
  title: 'an agent kept to some skills has no shell of the host beside MCP servers',
  severity: 'medium',
  why: 'the list of skills hides the others from the prompt only: a shell of the host starts any MCP client and reads every registry',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.exec.agent_skill_mcp_boundary_drift)',
  covers: ['tools.exec.agent_skill_mcp_boundary_drift'],
  needs: ['config', 'mcporter'],
  judge: ({ config, mcporter }) => judgeWith(mcporter).judge({ config }),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config, mcporter }) => judgeWith(mcporter).fix.plan({ config }) },
  examples: {
    pass: {
      'no servers': { config: { agents: { defaults: { skills: ['notes'] } } } },
      'no shell': { config: { mcp: { servers: { a: { url: 'https://mcp.example.com' } } }, tools: { exec: { security: 'deny' } }, agents: { defaults: { skills: ['notes'] } } } },
      'all skills': { config: { mcp: { servers: { a: { url: 'https://mcp.example.com' } } } } },
    },
    fail: {
      'for all': { config: { mcp: { servers: { a: { url: 'https://mcp.example.com' } } }, agents: { defaults: { skills: ['notes'] } } } },
      'for one': { config: { mcp: { servers: { a: { command: 'mcp-notes' } } }, agents: { list: [{ id: 'a', skills: [], tools: { exec: { mode: 'ask' } } }] } } },
      'the registry of mcporter': { config: { agents: { defaults: { skills: ['notes'] } } }, files: { '$STATE/skills/config/mcporter.json': '{"mcpServers":{"mail":{"command":"mail-mcp"}}}' } },
    },
  },
})

function judgeWith({ names }: McporterFacts): ReturnType<typeof settingsJudge> {
  return settingsJudge((config) => wide(config, [...mcpServers(config).map(({ name }) => name), ...names]))
}

function wide(config: Pick<ConfigFacts, 'value'>, servers: readonly string[]): BadSetting[] {
  if (servers.length === 0) return []
  return scopesOf(config).flatMap((scope) => {
    const bounded = [scope.entry, ['agents', 'defaults']].some((entry) => deepValue(config.value, [...entry, 'skills']) !== undefined)
    const { security, host } = execPolicy(config, scope)
    const inside = sandboxMode(config, scope).mode !== 'off' && host !== 'gateway' && host !== 'node'
    if (!bounded || security === 'deny' || inside) return []
    const at = [...scope.tools, 'exec']
    const key = deepValue(config.value, [...at, 'mode']) === undefined ? 'security' : 'mode'
    return [{ at: [...at, key], saw: `${security} on the host, with ${servers.join(', ')}, for ${scopeName(scope)}`, want: 'deny, or a sandbox', to: 'deny' }]
  })
}
