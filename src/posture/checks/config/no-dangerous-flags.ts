import { defineCheck } from '../../check.ts'
import { dangerousFlags } from '../../dangerous-flags.ts'
import { settingChanges } from '../../setting-change.ts'

export default defineCheck({
  id: 'config.no-dangerous-flags',
  title: 'no switch is on that its own name calls dangerous',
  severity: 'medium',
  why: 'each of them takes one protection away, mostly for a test that was over long ago',
  source: 'OpenClaw docs, gateway/security/audit-checks; the schema of 2026.9.6',
  covers: ['config.insecure_or_dangerous_flags'],
  needs: ['config'],
  judge: ({ config }) => dangerousFlags(config).map(({ at, saw, to }) => ({ at: at.join('.'), saw, want: to === undefined ? 'not set' : String(to) })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, dangerousFlags(config)) },
  examples: {
    pass: {
      off: { config: { channels: { discord: { dangerouslyAllowNameMatching: false } } } },
      unknown: { config: { agents: { defaults: { model: 'dangerously-named/model' } } } },
    },
    fail: {
      names: { config: { channels: { discord: { dangerouslyAllowNameMatching: true } } } },
      patches: { config: { tools: { exec: { applyPatch: { workspaceOnly: false } } } } },
      inList: { config: { agents: { list: [{ id: 'a', sandbox: { docker: { dangerouslyAllowExternalBindSources: true } } }] } } },
      mcp: { config: { mcp: { servers: { x: { url: 'https://mcp.example.com', sslVerify: false } } } } },
    },
  },
})
