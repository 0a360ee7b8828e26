import { isRecord } from '../../../base/index.ts'
import { agentsOf } from '../../agent-scopes.ts'
import { channelSections, strangers } from '../../channel-policies.ts'
import { listAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { nameOf } from '../../setting-change.ts'

export default defineCheck({
  id: 'agents.guests-have-own-agent',
  title: 'strangers are answered by another agent than the one of private chats',
  severity: 'medium',
  why: 'one agent has one workspace and one memory: what its owner tells it in private, a guest gets out of it in public',
  source: 'OpenClaw docs, gateway/security/trust-model and concepts/multi-agent; hardening guide, separate agents',
  needs: ['config'],
  judge({ config }) {
    const open = strangers(config)
    const crowded = [...new Set(open.map(({ channel }) => channel))]
    const quiet = channelSections(config).filter(({ channel }) => !crowded.includes(channel))
    if (quiet.length === 0) return []
    const mixed = crowded.filter((channel) => ownersOf(config, channel).some((agent) => quiet.some((section) => ownersOf(config, section.channel).includes(agent))))
    return mixed.map((channel) => ({
      at: nameOf(open.find((one) => one.channel === channel)!.at),
      saw: `${channel} is answered by ${ownersOf(config, channel).join(', ')}, as ${quiet.map((section) => section.channel)[0]} is`,
      want: 'an agent of its own, bound to that channel',
    }))
  },
  manual: 'make an agent for guests and bind the channel to it: openclaw agents add guests, then openclaw agents bind --agent guests --bind CHANNEL',
  examples: {
    pass: {
      'one channel': { config: { channels: { discord: { groupPolicy: 'open' } } } },
      bound: { config: { agents: { entries: { main: { default: true }, guests: {} } }, bindings: [{ agentId: 'guests', match: { channel: 'discord' } }], channels: { discord: { groupPolicy: 'open' }, telegram: { dmPolicy: 'pairing' } } } },
    },
    fail: { mixed: { config: { channels: { discord: { groupPolicy: 'open' }, telegram: { dmPolicy: 'pairing' } } } } },
  },
})

/** Agents a channel is bound to as a whole; without a binding the default one. */
function ownersOf(config: Pick<ConfigFacts, 'value'>, channel: string): string[] {
  const bound = listAt(config, 'bindings').flatMap((binding) => {
    const match = isRecord(binding) && isRecord(binding['match']) ? binding['match'] : {}
    const whole = match['channel'] === channel && match['peer'] === undefined && match['guildId'] === undefined
    return whole && isRecord(binding) && typeof binding['agentId'] === 'string' ? [binding['agentId']] : []
  })
  return bound.length > 0 ? bound : [agentsOf(config)[0]?.agent ?? 'main']
}
