import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { mcpServers } from '../../mcp-servers.ts'

export default defineCheck({
  id: 'mcp.certificates-checked',
  title: 'certificates of MCP servers are checked',
  severity: 'high',
  why: 'unchecked, TLS hides the traffic from everybody but the one who put himself in between',
  source: 'OpenClaw docs, cli/mcp/transports (sslVerify)',
  ...settingsJudge((config) =>
    mcpServers(config).flatMap(({ at, settings }) => (settings['sslVerify'] === false ? [{ at: [...at, 'sslVerify'], saw: 'false', want: 'true', to: true }] : [])),
  ),
  examples: {
    pass: { 'by default': { config: { mcp: { servers: { a: { url: 'https://mcp.example.com' } } } } } },
    fail: { off: { config: { mcp: { servers: { a: { url: 'https://mcp.example.com', sslVerify: false } } } } } },
  },
})
