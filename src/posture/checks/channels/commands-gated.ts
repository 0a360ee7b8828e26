import { settingsJudge, type BadSetting } from '../../bad-settings.ts'
import { hasWildcard } from '../../channel-policies.ts'
import { entriesAt, flagAt, listAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'

export default defineCheck({
  id: 'channels.commands-gated',
  title: 'commands of the chat are for the owner and listed people',
  severity: 'high',
  why: 'commands set the model, the sandbox, elevated mode and the session without any model in between',
  source: 'OpenClaw docs, tools/slash-commands (commands.allowFrom, ownerAllowFrom); commands.useAccessGroups of versions before 2026.8',
  ...settingsJudge((config) => [...wildcards(config), ...ungated(config)]),
  examples: {
    pass: {
      'by default': { config: {} },
      named: { config: { commands: { ownerAllowFrom: ['telegram:123'], allowFrom: { '*': ['telegram:123'] } } } },
    },
    fail: {
      'an owner called everybody': { config: { commands: { ownerAllowFrom: ['*'] } } },
      'everybody on Discord': { config: { commands: { allowFrom: { discord: ['*', 'user:1'] } } } },
      'access groups off': { config: { commands: { useAccessGroups: false } } },
    },
  },
})

function wildcards(config: Pick<ConfigFacts, 'value'>): BadSetting[] {
  const lists: [string[], readonly unknown[]][] = [
    [['commands', 'ownerAllowFrom'], listAt(config, 'commands.ownerAllowFrom')],
    ...entriesAt(config, 'commands.allowFrom').map(([channel, list]): [string[], readonly unknown[]] => [['commands', 'allowFrom', channel], Array.isArray(list) ? list : []]),
  ]
  return lists.flatMap(([at, list]) => {
    const to = list.filter((one) => String(one).trim() !== '*')
    return hasWildcard(list) ? [{ at, saw: 'the list holds *', want: 'ids of the people meant', to, ...(at[1] === 'ownerAllowFrom' && { severity: 'critical' as const }) }] : []
  })
}

function ungated(config: Pick<ConfigFacts, 'value'>): BadSetting[] {
  return flagAt(config, 'commands.useAccessGroups') === false ? [{ at: ['commands', 'useAccessGroups'], saw: 'false', want: 'no such key', to: undefined }] : []
}
