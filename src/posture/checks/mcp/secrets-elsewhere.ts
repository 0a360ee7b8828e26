import { isRecord } from '../../../base/index.ts'
import { findSecrets } from '../../../content/secrets/index.ts'
import { defineCheck } from '../../check.ts'
import { mcpServers } from '../../mcp-servers.ts'
import { nameOf } from '../../setting-change.ts'

// Names whose value is a secret whatever it looks like.
const secretName = /(?:^|[_-])(?:api[_-]?key|key|token|secret|password|passwd|credential|authorization)s?$/i

export default defineCheck({
  id: 'mcp.secrets-elsewhere',
  title: 'keys of MCP servers are not in the configuration',
  severity: 'medium',
  why: 'the file is read by backups, agents with file tools and everybody it is ever shown to',
  source: 'OpenClaw docs, cli/mcp/transports (openclaw mcp doctor warns about literal values) and gateway/secrets',
  needs: ['config'],
  judge: ({ config }) =>
    mcpServers(config).flatMap(({ at, settings }) =>
      ['env', 'headers'].flatMap((key) => {
        const values = settings[key]
        if (!isRecord(values)) return []
        return Object.entries(values)
          .filter(([name, value]) => typeof value === 'string' && !value.includes('${') && value.trim().length >= shortest && (secretName.test(name) || findSecrets(value).length > 0))
          .map(([name]) => ({ at: nameOf([...at, key, name]), saw: 'a literal value', want: `\${${name.toUpperCase().replaceAll('-', '_')}} or a SecretRef` }))
      }),
    ),
  manual: 'put the value into a store and a reference in its place: openclaw secrets configure, or hardshell secrets put NAME',
  examples: {
    pass: {
      reference: { config: { mcp: { servers: { a: { command: 'x', env: { GITHUB_TOKEN: '${GITHUB_TOKEN}', LEVEL: 'debug-verbose' } } } } } },
      object: { config: { mcp: { servers: { a: { url: 'https://x.example.com', headers: { Authorization: { source: 'env', id: 'X' } } } } } } },
    },
    fail: {
      env: { config: { mcp: { servers: { a: { command: 'x', env: { API_KEY: 'not-a-real-one' } } } } } },
      header: { config: { mcp: { servers: { a: { url: 'https://x.example.com', headers: { Authorization: 'Bearer not-a-real-one' } } } } } },
    },
  },
})

// Anything shorter is a level, a number or a placeholder.
const shortest = 8
