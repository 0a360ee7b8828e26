import { isRecord } from '../base/index.ts'
import { valueAt } from '../openclaw/index.ts'
import type { ConfigFacts } from './facts/config.ts'

type Config = Pick<ConfigFacts, 'value'>
type Settings = Readonly<Record<string, unknown>>

/** One channel, or one account of a channel: what stands there itself, and what counts for it. */
export interface ChannelSection {
  /** `telegram` */
  channel: string
  at: readonly string[]
  own: Settings
  /** With what the channel says for all its accounts. */
  merged: Settings
}

/** A place that lets people in: `at` names the setting, `saw` the value. */
export interface Opening {
  channel: string
  at: readonly string[]
  saw: string
}

// Keys of `channels` that are no channels.
const notChannels = new Set(['defaults', 'modelByChannel'])

/** Every configured channel and account that is not switched off. */
export function channelSections(config: Config): ChannelSection[] {
  const channels = valueAt(config.value, ['channels'])
  if (!isRecord(channels)) return []
  return Object.entries(channels).flatMap(([channel, own]) => {
    if (notChannels.has(channel) || !isRecord(own) || own['enabled'] === false) return []
    const at = ['channels', channel]
    const { accounts, ...shared } = own
    return [{ channel, at, own, merged: shared }, ...accountsOf(accounts, { channel, at, own, merged: shared })]
  })
}

/** Where anybody may write to the agent: direct messages or groups whose policy is `open`. */
export function openPolicies(config: Config): Opening[] {
  return channelSections(config).flatMap((section) => [...openGroups(section), ...openDms(section)])
}

/** The own `groupPolicy` of a section that is `open`. */
export function openGroups({ channel, at, own }: ChannelSection): Opening[] {
  return own['groupPolicy'] === 'open' ? [{ channel, at: [...at, 'groupPolicy'], saw: 'open' }] : []
}

/** The own direct message policy of a section that is `open`; `dm.policy` is the spelling of before. */
export function openDms({ channel, at, own }: ChannelSection): Opening[] {
  const before = isRecord(own['dm']) ? own['dm']['policy'] : undefined
  if ((own['dmPolicy'] ?? before) !== 'open') return []
  return [{ channel, at: own['dmPolicy'] === undefined ? [...at, 'dm', 'policy'] : [...at, 'dmPolicy'], saw: 'open' }]
}

/** Allow lists with `*` in them: they let everybody in whatever the policy is called. */
export function wildcardLists({ channel, at, own }: ChannelSection): Opening[] {
  const dm = isRecord(own['dm']) ? own['dm'] : {}
  const lists: [readonly string[], unknown][] = [
    [[...at, 'allowFrom'], own['allowFrom']],
    [[...at, 'groupAllowFrom'], own['groupAllowFrom']],
    [[...at, 'dm', 'allowFrom'], dm['allowFrom']],
  ]
  return lists.flatMap(([where, list]) => (hasWildcard(list) ? [{ channel, at: where, saw: 'the list holds *' }] : []))
}

export function hasWildcard(list: unknown): boolean {
  return Array.isArray(list) && list.some((entry) => String(entry).trim() === '*')
}

/** Signs that more than one person reaches the agent. OpenClaw is made for one (docs, gateway/security/trust-model). */
export function manyPeople(config: Config): Opening[] {
  const groups = channelSections(config).flatMap(({ channel, at, merged }) =>
    merged['groupPolicy'] === 'allowlist' && hasTargets(merged) ? [{ channel, at: [...at, 'groupPolicy'], saw: 'groups are listed' }] : [],
  )
  return [...strangers(config), ...groups]
}

/** Where people get in whom nobody named. */
export function strangers(config: Config): Opening[] {
  return [...openPolicies(config), ...channelSections(config).flatMap(wildcardLists)]
}

/** Policies that are `open` anywhere below a channel, single groups included. */
export function openAnywhere(config: Config): Opening[] {
  const groups = channelSections(config).flatMap(({ channel, at, own }) => below(own, channel, at))
  return [...new Map([...openPolicies(config), ...groups].map((one) => [one.at.join('\n'), one])).values()]
}

function below(value: Settings, channel: string, at: readonly string[]): Opening[] {
  const here = ['groupPolicy', 'dmPolicy'].filter((key) => value[key] === 'open').map((key) => ({ channel, at: [...at, key], saw: 'open' }))
  // Accounts are sections of their own, so they are not gone through twice.
  const nested = Object.entries(value).flatMap(([key, child]) => (isRecord(child) && key !== 'accounts' ? below(child, channel, [...at, key]) : []))
  return [...here, ...nested]
}

function accountsOf(accounts: unknown, channel: ChannelSection): ChannelSection[] {
  if (!isRecord(accounts)) return []
  return Object.entries(accounts).flatMap(([name, own]) =>
    isRecord(own) && own['enabled'] !== false
      ? [{ channel: channel.channel, at: [...channel.at, 'accounts', name], own, merged: { ...channel.merged, ...own } }]
      : [],
  )
}

function hasTargets(section: Settings): boolean {
  return ['groups', 'guilds', 'channels', 'rooms'].some((key) => isRecord(section[key]) && Object.keys(section[key]).length > 0)
}
