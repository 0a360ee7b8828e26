import { settingsJudge } from '../../bad-settings.ts'
import { flagAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

const risky = { bash: 'critical', config: 'medium', debug: 'medium', mcp: 'medium', plugins: 'medium' } as const

export default defineCheck({
  id: 'channels.no-risky-commands',
  title: 'the chat has no commands that run a shell or rewrite the configuration',
  severity: 'medium',
  why: 'a stolen chat account of the owner is then a shell, another MCP server, or another configuration',
  source: 'OpenClaw docs, tools/slash-commands (commands.bash, config, debug, mcp, plugins: all false by default)',
  ...settingsJudge((config) =>
    Object.entries(risky).flatMap(([command, severity]) =>
      flagAt(config, `commands.${command}`) === true ? [{ at: ['commands', command], saw: 'true', want: 'false', to: false, severity: severity === 'critical' ? ('high' as const) : severity }] : [],
    ),
  ),
  examples: {
    pass: { 'by default': { config: {} }, off: { config: { commands: { bash: false, restart: true } } } },
    fail: { shell: { config: { commands: { bash: true } } }, configuration: { config: { commands: { config: true, plugins: true } } } },
  },
})
