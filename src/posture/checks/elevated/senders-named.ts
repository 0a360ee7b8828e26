import { settingsJudge } from '../../bad-settings.ts'
import { hasWildcard } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { elevatedLists } from '../../elevated-lists.ts'

export default defineCheck({
  id: 'elevated.senders-named',
  title: 'elevated mode is for named senders, never for everybody',
  severity: 'critical',
  why: 'with * in the list every sender of that channel may run commands on the host, outside of any sandbox',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.elevated.allowFrom.<provider>.wildcard)',
  covers: ['tools.elevated.allowFrom.*.wildcard'],
  ...settingsJudge((config) =>
    elevatedLists(config)
      .filter(({ list }) => hasWildcard(list))
      .map(({ at, channel, list }) => ({
        at,
        saw: 'the list holds *',
        want: 'ids of the people meant',
        to: list.filter((entry) => String(entry).trim() !== '*'),
        covers: [`tools.elevated.allowFrom.${channel}.wildcard`],
      })),
  ),
  examples: {
    pass: {
      named: { config: { tools: { elevated: { allowFrom: { telegram: ['123'] } } } } },
      'switched off': { config: { tools: { elevated: { enabled: false, allowFrom: { telegram: ['*'] } } } } },
    },
    fail: {
      wildcard: { config: { tools: { elevated: { enabled: true, allowFrom: { telegram: ['*'] } } } } },
      'among others, with spaces': { config: { tools: { elevated: { allowFrom: { slack: ['U1', ' * '] } } } } },
    },
  },
})
