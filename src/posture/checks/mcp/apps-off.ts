import { defineCheck } from '../../check.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { flagAt } from '../../config-values.ts'

export default defineCheck({
  id: 'mcp.apps-off',
  title: 'no MCP server puts pages of its own into the control UI',
  severity: 'medium',
  why: 'a page of a server stands beside the settings of the gateway, asks for whatever it likes, and calls tools of its server',
  source: "OpenClaw's own audit, mcp.apps.enabled; docs, gateway/config-extensions",
  covers: ['mcp.apps.enabled'],
  ...settingsJudge((config) => (flagAt(config, 'mcp.apps.enabled') === true ? [{ at: ['mcp', 'apps', 'enabled'], saw: 'true', want: 'false', to: false }] : [])),
  examples: {
    pass: { 'by default': { config: {} } },
    fail: { on: { config: { mcp: { apps: { enabled: true } } } } },
  },
})
