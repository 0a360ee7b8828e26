import { posix } from 'node:path'
import { scopesOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { fromHome, homeOf } from '../../home-folder.ts'
import { mcpServers } from '../../mcp-servers.ts'
import { isTemporaryFolder } from '../../mutable-folders.ts'
import { deepValue } from '../../setting-change.ts'

export default defineCheck({
  id: 'mcp.program-out-of-reach',
  title: 'agents cannot rewrite the programs of MCP servers',
  severity: 'high',
  why: 'a server in the workspace or in /tmp is one write of an agent away from another program, which runs with the rights of the gateway',
  source: 'OpenClaw docs, tools/mcp (stdio servers run as children of the gateway) and gateway/security/tool-permissions',
  ...settingsJudge((config) => {
    const reach = workspaces(config)
    return mcpServers(config).flatMap(({ name, at, command }) => {
      const files = command.filter((word, i) => (i === 0 ? word.includes('/') : /^(?:\/|~\/|\.{1,2}\/).*\.(?:[cm]?[jt]s|py|sh|rb)$/.test(word)))
      const bad = files.find((file) => isTemporaryFolder(file) || reach.some((folder) => absolute(file, config).startsWith(`${folder}/`)))
      return bad === undefined ? [] : [{ at: [...at, 'enabled'], saw: `${name} runs ${bad}`, want: 'a program outside of the workspace and of temporary folders, or switched off', to: false }]
    })
  }),
  examples: {
    pass: {
      system: { config: { mcp: { servers: { a: { command: '/usr/local/bin/mcp-notes' } } } } },
      'by name': { config: { mcp: { servers: { a: { command: 'npx', args: ['-y', 'mcp@1.0.0', '/tmp/data'] } } } } },
    },
    fail: {
      temporary: { config: { mcp: { servers: { a: { command: 'node', args: ['/tmp/server.js'] } } } } },
      workspace: { config: { mcp: { servers: { a: { command: '~/.openclaw/workspace/tools/serve.sh' } } } } },
      'another workspace': { config: { agents: { defaults: { workspace: '/srv/claw' } }, mcp: { servers: { a: { command: 'python3', args: ['/srv/claw/mcp.py'] } } } } },
    },
  },
})

type Config = Pick<ConfigFacts, 'value'> & { path?: string }

function workspaces(config: Config): string[] {
  const named = scopesOf(config).map(({ entry }) => deepValue(config.value, [...entry, 'workspace']))
  // OpenClaw's own default (docs, concepts/agent-workspace).
  return [...named.filter((folder) => typeof folder === 'string'), '~/.openclaw/workspace'].map((folder) => absolute(folder, config).replace(/(?<=.)\/+$/, ''))
}

function absolute(path: string, { path: config = '/root/.openclaw/openclaw.json' }: Config): string {
  return posix.normalize(fromHome(path, homeOf(config)))
}
