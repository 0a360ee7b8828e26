import { isRecord } from '../../../base/index.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { channelSections } from '../../channel-policies.ts'
import { valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'channels.quotes-from-listed-people',
  title: 'in groups only what listed people wrote is shown to the agent',
  severity: 'info',
  why: 'history, quotes and forwarded texts of people who may not give orders stand in the same prompt as the order of one who may',
  source: 'OpenClaw docs, channels/groups (contextVisibility, all by default)',
  ...settingsJudge((config) =>
    channelSections(config).flatMap(({ own, merged, at, channel }) => {
      const groups = merged['groupPolicy'] !== 'disabled' && ['groups', 'guilds', 'channels', 'rooms'].some((key) => isRecord(merged[key]) && Object.keys(merged[key]).length > 0)
      const decided = merged['contextVisibility'] ?? valueOf(config, 'channels.defaults.contextVisibility') ?? 'all'
      const here = own['contextVisibility'] !== undefined ? at : ['channels', channel]
      return groups && decided === 'all' ? [{ at: [...here, 'contextVisibility'], saw: own['contextVisibility'] === undefined ? 'all by default' : 'all', want: 'allowlist', to: 'allowlist' }] : []
    }),
  ),
  examples: {
    pass: {
      'for every channel': { config: { channels: { defaults: { contextVisibility: 'allowlist' }, slack: { channels: { C1: {} } } } } },
      'no groups': { config: { channels: { telegram: { dmPolicy: 'pairing' } } } },
    },
    fail: { 'by default': { config: { channels: { telegram: { groupPolicy: 'allowlist', groups: { '-100': { requireMention: true } } } } } } },
  },
})
