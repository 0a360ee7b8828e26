import { settingsJudge } from '../../bad-settings.ts'
import { channelSections, hasWildcard, type ChannelSection } from '../../channel-policies.ts'
import { textAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'sessions.people-apart',
  title: 'each person who writes directly has a session of their own',
  severity: 'medium',
  why: 'in one session for all, one person reads what another one asked, and answers land in the wrong chat',
  source: 'OpenClaw docs, concepts/session (dmScope, main by default) and gateway/security/hardened-baseline; hardening guide, dmScope per-channel-peer',
  covers: ['channels.*.dm.scope_main_multiuser', 'channels.dm.session_collision.*'],
  ...settingsJudge((config) => {
    const scope = textAt(config, 'session.dmScope') ?? 'main'
    if (scope !== 'main' && textAt(config, 'session.scope') !== 'global') return []
    const people = channelSections(config).map((section) => [section.channel, admitted(section)] as const)
    const most = people.reduce((sum, [, count]) => sum + count, 0)
    if (most < 2) return []
    const at = scope === 'main' ? ['session', 'dmScope'] : ['session', 'scope']
    return [
      {
        at,
        saw: `${scope === 'main' ? 'main' : 'global'}, with ${most >= many ? 'anybody' : `${most} listed`} on ${people.filter(([, count]) => count > 0).map(([channel]) => channel).join(', ')}`,
        want: scope === 'main' ? 'per-channel-peer' : 'per-sender',
        to: scope === 'main' ? 'per-channel-peer' : 'per-sender',
        also: scope === 'main' && textAt(config, 'session.scope') === 'global' ? [{ at: ['session', 'scope'], to: 'per-sender' }] : [],
        ...(most >= many && { severity: 'high' as const }),
        // One on each channel is most often the same person.
        ...(people.every(([, count]) => count <= 1) && { severity: 'low' as const }),
      },
    ]
  }),
  examples: {
    pass: {
      apart: { config: { session: { dmScope: 'per-channel-peer' }, channels: { telegram: { allowFrom: [1, 2] } } } },
      'one person': { config: { channels: { telegram: { dmPolicy: 'allowlist', allowFrom: ['1'] } } } },
      'no channels': { config: {} },
    },
    fail: {
      two: { config: { channels: { telegram: { dmPolicy: 'allowlist', allowFrom: [1, 2] } } } },
      anybody: { config: { session: { dmScope: 'main' }, channels: { telegram: { dmPolicy: 'open', allowFrom: ['*'] } } } },
      'one on each of two': { config: { channels: { telegram: { allowFrom: [1] }, signal: { allowFrom: ['+1555'] } } } },
      'one session for everything': { config: { session: { dmScope: 'per-peer', scope: 'global' }, channels: { telegram: { allowFrom: [1, 2] } } } },
    },
  },
})

// Enough to stand for a crowd nobody counted.
const many = 1000

/** How many people this section lets write directly, as far as the file says. */
function admitted({ own, merged }: ChannelSection): number {
  // Accounts count for themselves, so a channel that has some is not counted twice.
  if (own['accounts'] !== undefined || merged['dmPolicy'] === 'disabled') return 0
  const list = Array.isArray(merged['allowFrom']) ? merged['allowFrom'] : []
  return hasWildcard(list) || (merged['dmPolicy'] === 'open' && list.length === 0) ? many : list.length
}
