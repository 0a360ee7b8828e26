import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { mcpServers } from '../../mcp-servers.ts'

const local = new Set(['localhost', '127.0.0.1', '[::1]'])

export default defineCheck({
  id: 'mcp.encrypted',
  title: 'every MCP server on another machine is reached over TLS',
  severity: 'high',
  why: 'whoever stands between reads the tokens, and writes the tools and results the agent trusts',
  source: 'OpenClaw docs, tools/mcp; guides, TLS for every connection',
  ...settingsJudge((config) =>
    mcpServers(config).flatMap(({ name, at, settings }) => {
      const url = typeof settings['url'] === 'string' && URL.canParse(settings['url']) ? new URL(settings['url']) : null
      if (url === null || !['http:', 'ws:'].includes(url.protocol) || local.has(url.hostname)) return []
      return [{ at: [...at, 'enabled'], saw: `${name} over ${url.protocol.slice(0, -1)} to ${url.hostname}`, want: 'https, or switched off', to: false }]
    }),
  ),
  examples: {
    pass: {
      https: { config: { mcp: { servers: { a: { url: 'https://mcp.example.com' } } } } },
      'this machine': { config: { mcp: { servers: { a: { url: 'http://127.0.0.1:9000/mcp' } } } } },
      'a program': { config: { mcp: { servers: { a: { command: 'mcp-notes' } } } } },
    },
    fail: { plain: { config: { mcp: { servers: { a: { url: 'http://mcp.example.com' } } } } } },
  },
})
