import { isRecord } from '../../../base/index.ts'
import { defineCheck } from '../../check.ts'
import { openAnywhere } from '../../channel-policies.ts'
import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge, withEntries } from '../../bad-settings.ts'
import { mcpServers } from '../../mcp-servers.ts'
import { reaches, wordList } from '../../tool-reach.ts'

export default defineCheck({
  id: 'mcp.tools-chosen',
  title: 'strangers in open channels reach chosen tools of MCP servers only',
  severity: 'high',
  why: 'a server brings whatever tools it likes, today and after its next update, to anybody who writes to the agent',
  source: 'OpenClaw docs, tools/mcp (toolFilter) and gateway/security/tool-permissions (bundle-mcp)',
  ...settingsJudge((config) => {
    const wide = mcpServers(config).filter(({ settings }) => {
      const filter = settings['toolFilter']
      return !(isRecord(filter) && Array.isArray(filter['include']) && filter['include'].length > 0 && !filter['include'].includes('*'))
    })
    if (wide.length === 0 || openAnywhere(config).length === 0) return []
    return scopesOf(config).flatMap((scope) => {
      if (reaches(config, scope, ['bundle-mcp']).length === 0) return []
      const at = [...scope.tools, 'deny']
      return [{ at, saw: `all tools of ${wide.map(({ name }) => name).join(', ')} for ${scopeName(scope)}`, want: 'a toolFilter, or bundle-mcp denied', to: withEntries(wordList(config, at), ['bundle-mcp']) }]
    })
  }),
  examples: {
    pass: {
      filtered: { config: { mcp: { servers: { a: { url: 'https://x.example.com', toolFilter: { include: ['search'] } } } }, channels: { slack: { dmPolicy: 'open' } } } },
      closed: { config: { mcp: { servers: { a: { url: 'https://x.example.com' } } }, channels: { slack: { dmPolicy: 'pairing' } } } },
    },
    fail: { wide: { config: { mcp: { servers: { a: { url: 'https://x.example.com' } } }, channels: { slack: { dmPolicy: 'open' } } } } },
  },
})
