import { defineCheck } from '../../check.ts'
import { mcpServers, unpinnedPackage } from '../../mcp-servers.ts'

export default defineCheck({
  id: 'mcp.packages-pinned',
  title: 'programs of MCP servers have an exact version',
  severity: 'medium',
  why: 'npx -y fetches the newest version at each start: who takes over the package runs on this machine the same day',
  source: 'hardening guide, dependency lock; OpenClaw docs, gateway/security/dependency-locking',
  needs: ['config'],
  judge: ({ config }) =>
    mcpServers(config).flatMap(({ name, at, command }) => {
      const spec = unpinnedPackage(command)
      return spec === null ? [] : [{ at: [...at, 'args'].join('.'), saw: `${name} starts ${spec} in whatever version there is`, want: 'an exact version, such as @1.2.3' }]
    }),
  manual: 'put the version that was looked at behind the name: npm view PACKAGE version, then openclaw mcp set NAME with PACKAGE@VERSION in its args',
  examples: {
    pass: {
      pinned: { config: { mcp: { servers: { a: { command: 'npx', args: ['-y', '@scope/mcp@1.2.3'] } } } } },
      'of Python': { config: { mcp: { servers: { a: { command: 'uvx', args: ['mcp-server-git==2025.1.14'] } } } } },
      'a program': { config: { mcp: { servers: { a: { command: '/usr/bin/mcp-notes', args: ['--stdio'] } } } } },
    },
    fail: {
      npx: { config: { mcp: { servers: { a: { command: 'npx', args: ['-y', '@scope/mcp'] } } } } },
      latest: { config: { mcp: { servers: { a: { command: '/usr/local/bin/npx', args: ['mcp@latest'] } } } } },
      uvx: { config: { mcp: { servers: { a: { command: 'uvx', args: ['mcp-server-git'] } } } } },
    },
  },
})
