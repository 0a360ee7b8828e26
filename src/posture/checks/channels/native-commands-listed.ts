import { isRecord } from '../../../base/index.ts'
import { settingsJudge, type BadSetting } from '../../bad-settings.ts'
import { channelSections, type ChannelSection } from '../../channel-policies.ts'
import { flagAt, valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'

type Config = Pick<ConfigFacts, 'value'>

export default defineCheck({
  id: 'channels.native-commands-listed',
  title: 'commands in the menu of Discord and Slack are for listed people',
  severity: 'medium',
  why: 'the menu shows them to everybody in the room, and without a list everybody may choose the model, the session and skills',
  source: "OpenClaw's own audit up to 2026.8 (channels.discord.commands.native.*, channels.slack.commands.slash.*); docs, tools/slash-commands",
  covers: ['channels.discord.commands.native.no_allowlists', 'channels.discord.commands.native.unrestricted', 'channels.slack.commands.slash.no_allowlists', 'channels.slack.commands.slash.useAccessGroups_off'],
  ...settingsJudge((config) => channelSections(config).flatMap((section) => (section.channel === 'discord' ? discord(config, section) : section.channel === 'slack' ? slack(config, section) : []))),
  examples: {
    pass: {
      'members are listed': { config: { channels: { discord: { guilds: { '1': { users: ['123456789012345678'] } } } } } },
      'a person is listed': { config: { channels: { slack: { slashCommand: { enabled: true }, groupPolicy: 'open', allowFrom: ['U012ABCDEF'] } } } },
      'no menu': { config: { channels: { slack: { groupPolicy: 'open' }, discord: { commands: { native: false }, guilds: { '1': {} } } } } },
    },
    fail: {
      guild: { config: { channels: { discord: { groupPolicy: 'allowlist', guilds: { '123': { channels: { general: { enabled: true } } } } } } } },
      slack: { config: { channels: { slack: { groupPolicy: 'open', slashCommand: { enabled: true } } } } },
      'access groups off': { config: { commands: { useAccessGroups: false }, channels: { slack: { groupPolicy: 'open', slashCommand: { enabled: true }, commands: { native: true } } } } },
    },
  },
})

function discord(config: Config, section: ChannelSection): BadSetting[] {
  const { merged, at } = section
  const reached = merged['groupPolicy'] === 'open' || (merged['groupPolicy'] !== 'disabled' && isRecord(merged['guilds']) && Object.keys(merged['guilds']).length > 0)
  if (!reached || nativeOf(config, merged) === false || isListed(section)) return []
  const open = flagAt(config, 'commands.useAccessGroups') === false
  return [
    {
      at: [...at, 'commands', 'native'],
      saw: open ? 'for everybody: access groups are off' : 'in the menu, with nobody listed',
      want: 'false, or users of each guild',
      to: false,
      covers: [`channels.discord.commands.native.${open ? 'unrestricted' : 'no_allowlists'}`],
      ...(open && { severity: 'critical' as const }),
    },
  ]
}

// Slack has no commands of its own unless asked for (docs, commands.native).
function slack(config: Config, section: ChannelSection): BadSetting[] {
  const { merged, at } = section
  const slash = isRecord(merged['slashCommand']) && merged['slashCommand']['enabled'] === true
  const native = nativeOf(config, merged) === true
  if ((!slash && !native) || merged['groupPolicy'] === 'disabled') return []
  const open = flagAt(config, 'commands.useAccessGroups') === false
  if (!open && isListed(section)) return []
  const off = [...(slash ? [{ at: [...at, 'slashCommand', 'enabled'], to: false }] : []), ...(native ? [{ at: [...at, 'commands', 'native'], to: false }] : [])]
  return [
    {
      ...off[0]!,
      also: off.slice(1),
      saw: open ? 'for everybody: access groups are off' : 'in the menu, with nobody listed',
      want: 'false, or users of each channel',
      covers: [`channels.slack.commands.slash.${open ? 'useAccessGroups_off' : 'no_allowlists'}`],
      ...(open && { severity: 'critical' as const }),
    },
  ]
}

function nativeOf(config: Config, merged: ChannelSection['merged']): unknown {
  return (isRecord(merged['commands']) ? merged['commands']['native'] : undefined) ?? valueOf(config, 'commands.native')
}

/** Whether somebody is named anywhere: for direct messages, for a guild, for one of its channels. */
function isListed({ merged }: ChannelSection): boolean {
  const named = (list: unknown): boolean => Array.isArray(list) && list.some((entry) => String(entry).trim() !== '*')
  const dm = isRecord(merged['dm']) ? merged['dm'] : {}
  return named(merged['allowFrom']) || named(dm['allowFrom']) || ['guilds', 'channels'].some((key) => isRecord(merged[key]) && Object.values(merged[key]).some(hasPeople))
}

function hasPeople(place: unknown): boolean {
  if (!isRecord(place)) return false
  if (['users', 'roles'].some((key) => Array.isArray(place[key]) && place[key].length > 0)) return true
  return isRecord(place['channels']) && Object.values(place['channels']).some(hasPeople)
}
