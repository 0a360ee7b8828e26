import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { elevatedLists } from '../../elevated-lists.ts'

// OpenClaw's own audit counts to the same number (tools.elevated.allowFrom.<provider>.large).
const many = 25

export default defineCheck({
  id: 'elevated.few-senders',
  title: 'few people may leave the sandbox',
  severity: 'medium',
  why: 'each account in the list is a way to the host; nobody oversees more than two dozen',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.elevated.allowFrom.<provider>.large)',
  covers: ['tools.elevated.allowFrom.*.large'],
  ...settingsJudge((config) =>
    elevatedLists(config)
      .filter(({ list }) => list.length > many && !list.some((entry) => String(entry).trim() === '*'))
      .map(({ at, channel, list }) => ({
        at,
        saw: `${list.length} senders`,
        want: `at most ${many}; an empty list until they are chosen`,
        to: [],
        covers: [`tools.elevated.allowFrom.${channel}.large`],
      })),
  ),
  examples: {
    pass: { few: { config: { tools: { elevated: { allowFrom: { telegram: ['1', '2'] } } } } } },
    fail: { many: { config: { tools: { elevated: { allowFrom: { telegram: Array.from({ length: 26 }, (_, i) => String(i)) } } } } } },
  },
})
