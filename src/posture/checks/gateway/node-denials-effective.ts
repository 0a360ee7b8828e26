import { defineCheck } from '../../check.ts'
import { wordsAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { isNoCommandName } from '../../node-commands.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.node-denials-effective',
  title: 'every denied node command is the name of one',
  severity: 'low',
  why: 'names are compared whole: a pattern or a shell text in the list denies nothing and only looks as if',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.nodes.deny_commands_ineffective'],
  ...settingRule({
    at: 'gateway.nodes.commands.deny',
    isWrong: (_, config) => denials(config).some(isNoCommandName),
    to: (config: ConfigFacts) => denials(config).filter((entry) => !isNoCommandName(entry)),
    saw: 'patterns or shell texts',
    want: 'whole names, such as system.run',
  }),
  examples: {
    pass: { names: { config: { gateway: { nodes: { commands: { deny: ['camera.snap', 'system.run'] } } } } } },
    fail: { pattern: { config: { gateway: { nodes: { commands: { deny: ['camera.*', 'system.run'] } } } } }, shell: { config: { gateway: { nodes: { denyCommands: ['rm -rf /'] } } } } },
  },
})

function denials(config: ConfigFacts): readonly string[] {
  return wordsAt(config, 'gateway.nodes.commands.deny')
}
