import { isRecord } from '../../../base/index.ts'
import { settingsJudge, type BadSetting } from '../../bad-settings.ts'
import { channelSections } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'channels.groups-need-mention',
  title: 'in groups the agent takes up only what is said to it',
  severity: 'medium',
  why: 'without a mention every forwarded text and every newcomer is input of the agent, which is how injections arrive',
  source: 'OpenClaw docs, channels/groups (requireMention, true by default); hardening guide, requireMention',
  ...settingsJudge((config) =>
    channelSections(config)
      .filter(({ merged }) => merged['groupPolicy'] !== 'disabled')
      .flatMap(({ own, at }) => listening(own, at)),
  ),
  examples: {
    pass: {
      'by default': { config: { channels: { telegram: { groups: { '-100': {} } } } } },
      set: { config: { channels: { whatsapp: { groups: { '*': { requireMention: true } } } } } },
      'no groups': { config: { channels: { feishu: { groupPolicy: 'disabled', requireMention: false } } } },
    },
    fail: {
      'every group': { config: { channels: { telegram: { groups: { '*': { requireMention: false } } } } } },
      'one channel of a guild': { config: { channels: { discord: { guilds: { '1': { channels: { '2': { requireMention: false } } } } } } } },
      'the whole channel': { config: { channels: { feishu: { requireMention: false, groupPolicy: 'open' } } } },
    },
  },
})

const nests = ['groups', 'guilds', 'channels', 'rooms', 'topics']

function listening(section: Readonly<Record<string, unknown>>, at: readonly string[], name = '*'): BadSetting[] {
  const below = nests.flatMap((nest) => {
    const children = section[nest]
    return isRecord(children) ? Object.entries(children).flatMap(([id, child]) => (isRecord(child) ? listening(child, [...at, nest, id], id) : [])) : []
  })
  if (section['requireMention'] !== false) return below
  // One named room is a room somebody chose.
  const severity = name === '*' ? ('medium' as const) : ('low' as const)
  return [{ at: [...at, 'requireMention'], saw: 'false', want: 'true', to: true, severity }, ...below]
}
