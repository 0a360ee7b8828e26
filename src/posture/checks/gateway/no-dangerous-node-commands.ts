import { defineCheck } from '../../check.ts'
import { wordsAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { dangerousNodeCommands } from '../../node-commands.ts'

export default defineCheck({
  id: 'gateway.no-dangerous-node-commands',
  title: 'agents do not film, record, write contacts or send messages through paired devices',
  severity: 'medium',
  why: 'an agent that was talked into it takes pictures, records the screen or sends messages in the name of the owner',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.nodes.allow_commands_dangerous'],
  ...settingRule({
    at: 'gateway.nodes.commands.allow',
    isWrong: (_, config) => allowed(config).length > 0,
    to: (config: ConfigFacts) => wordsAt(config, 'gateway.nodes.commands.allow').filter((name) => !allowed(config).includes(name.trim())),
    saw: 'commands that watch, record or write',
    want: 'a list without them',
    severity: severityWhenReachable('high', 'medium'),
  }),
  examples: {
    pass: {
      harmless: { config: { gateway: { nodes: { commands: { allow: ['camera.list'] } } } } },
      denied: { config: { gateway: { nodes: { commands: { allow: ['camera.snap'], deny: ['camera.snap'] } } } } },
    },
    fail: {
      camera: { config: { gateway: { nodes: { commands: { allow: ['camera.snap', 'camera.list'] } } } } },
      olderSpelling: { config: { gateway: { bind: 'lan', nodes: { allowCommands: ['sms.send'] } } } },
    },
  },
})

function allowed(config: ConfigFacts): string[] {
  const denied = wordsAt(config, 'gateway.nodes.commands.deny').map((name) => name.trim())
  return wordsAt(config, 'gateway.nodes.commands.allow').map((name) => name.trim()).filter((name) => dangerousNodeCommands.has(name) && !denied.includes(name))
}
