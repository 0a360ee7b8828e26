import { settingsJudge } from '../../bad-settings.ts'
import { channelSections, openGroups } from '../../channel-policies.ts'
import { valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'channels.groups-not-open',
  title: 'the agent answers in listed groups only',
  severity: 'high',
  why: 'anybody adds the bot to a group of theirs, and each member of each group gives it orders',
  source: 'OpenClaw docs, channels/groups (groupPolicy, allowlist by default)',
  covers: ['channels.*.groups.open'],
  ...settingsJudge((config) => [
    ...channelSections(config).flatMap((section) =>
      openGroups(section).map(({ at, channel }) => ({ at, saw: 'open', want: 'allowlist', to: 'allowlist', covers: [`channels.${channel}.groups.open`] })),
    ),
    ...(valueOf(config, 'channels.defaults.groupPolicy') === 'open' ? [{ at: ['channels', 'defaults', 'groupPolicy'], saw: 'open for every channel', want: 'allowlist', to: 'allowlist', covers: [] }] : []),
  ]),
  examples: {
    pass: { listed: { config: { channels: { telegram: { groupPolicy: 'allowlist' } } } }, 'by default': { config: { channels: { slack: {} } } } },
    fail: {
      open: { config: { channels: { telegram: { groupPolicy: 'open' }, slack: { accounts: { work: { groupPolicy: 'open' } } } } } },
      'for every channel': { config: { channels: { defaults: { groupPolicy: 'open' } } } },
    },
  },
})
