import { isRecord } from '../../../base/index.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { channelSections, type ChannelSection } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'channels.group-senders-listed',
  title: 'in listed groups it is listed people who give orders',
  severity: 'medium',
  why: 'a group is listed once; its members change, and each of them may use what the agent may do',
  source: 'OpenClaw docs, gateway/security/audit-checks (channels.discord.allowlisted_groups.broad_members, channels.telegram.groups.allowFrom.missing)',
  covers: ['channels.discord.allowlisted_groups.broad_members', 'channels.telegram.groups.allowFrom.missing'],
  ...settingsJudge((config) => channelSections(config).flatMap((section) => [...broadGuilds(section), ...broadGroups(section)])),
  examples: {
    pass: {
      'members of a guild': { config: { channels: { discord: { guilds: { '1': { users: ['123456789012345678'] } } } } } },
      'roles of a guild': { config: { channels: { discord: { guilds: { '1': { channels: { '2': { roles: ['5'] } } } } } } } },
      'senders of Telegram': { config: { channels: { telegram: { allowFrom: ['1'], groups: { '-100': {} } } } } },
      'no groups': { config: { channels: { telegram: {} } } },
    },
    fail: {
      guild: { config: { channels: { discord: { allowFrom: ['123456789012345678'], guilds: { '1': { requireMention: true } } } } } },
      telegram: { config: { channels: { telegram: { groupPolicy: 'allowlist', groups: { '-100': { requireMention: true } } } } } },
    },
  },
})

function broadGuilds({ channel, merged, own, at }: ChannelSection): ReturnType<typeof broadGroups> {
  const guilds = own['guilds']
  if (channel !== 'discord' || merged['groupPolicy'] === 'disabled' || merged['groupPolicy'] === 'open' || !isRecord(guilds)) return []
  const people = Array.isArray(merged['allowFrom']) ? merged['allowFrom'].filter((one) => String(one) !== '*') : []
  return Object.entries(guilds).flatMap(([id, guild]) => {
    if (!isRecord(guild) || isRestricted(guild)) return []
    const rooms = isRecord(guild['channels']) ? Object.values(guild['channels']) : []
    if (rooms.length > 0 && rooms.every((room) => isRecord(room) && (isRestricted(room) || room['enabled'] === false))) return []
    // With nobody to name, the group is closed rather than left to whoever joins.
    const change = people.length > 0 ? { at: [...at, 'guilds', id, 'users'], to: people } : { at: [...at, 'groupPolicy'], to: 'disabled' }
    return [{ ...change, saw: `every member of guild ${id}`, want: 'users or roles', covers: ['channels.discord.allowlisted_groups.broad_members'] }]
  })
}

// Telegram takes `allowFrom` for groups too where `groupAllowFrom` is not there (docs, channels/telegram/access-control).
function broadGroups({ channel, merged, own, at }: ChannelSection): { at: string[]; to: unknown; saw: string; want: string; covers: string[] }[] {
  const groups = own['groups']
  const policy = merged['groupPolicy'] ?? 'allowlist'
  if (channel !== 'telegram' || policy !== 'allowlist' || !isRecord(groups) || Object.keys(groups).length === 0) return []
  const lists = [merged['groupAllowFrom'], merged['allowFrom'], ...Object.values(groups).map((group) => (isRecord(group) ? group['allowFrom'] : null))]
  if (lists.some((list) => Array.isArray(list) && list.length > 0)) return []
  return [{ at: [...at, 'groupPolicy'], to: 'disabled', saw: 'groups without any list of senders', want: 'groupAllowFrom', covers: ['channels.telegram.groups.allowFrom.missing'] }]
}

function isRestricted(place: Readonly<Record<string, unknown>>): boolean {
  return ['users', 'roles'].some((key) => Array.isArray(place[key]) && place[key].length > 0)
}
