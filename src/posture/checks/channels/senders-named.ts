import { settingsJudge } from '../../bad-settings.ts'
import { channelSections, openDms, wildcardLists } from '../../channel-policies.ts'
import { valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'channels.senders-named',
  title: 'allow lists of channels name people, not everybody',
  severity: 'high',
  why: 'a * lets every sender in whatever the policy beside it is called: pairing or allowlist then mean nothing',
  source: 'OpenClaw docs, channels/access-groups; gateway/security/audit-checks (channels.telegram.groups.allowFrom.wildcard)',
  covers: ['channels.telegram.groups.allowFrom.wildcard'],
  ...settingsJudge((config) =>
    channelSections(config).flatMap((section) => {
      // Where the policy says open, that is told and mended as one.
      const told = openDms(section).map(({ at }) => [...at.slice(0, -1), 'allowFrom'].join('\n'))
      return wildcardLists(section)
        .filter(({ at }) => !told.includes(at.join('\n')))
        .filter(({ at }) => at.at(-1) === 'groupAllowFrom' ? section.merged['groupPolicy'] !== 'disabled' : section.merged['dmPolicy'] !== 'disabled')
        .map(({ at, saw, channel }) => ({
          at,
          saw,
          want: 'ids of the people meant',
          to: (valueOf(config, at) as unknown[]).filter((one) => String(one).trim() !== '*'),
          covers: channel === 'telegram' && at.at(-1) === 'groupAllowFrom' ? ['channels.telegram.groups.allowFrom.wildcard'] : [],
        }))
    }),
  ),
  examples: {
    pass: {
      named: { config: { channels: { telegram: { allowFrom: [123], groupAllowFrom: ['123'] } } } },
      'nobody is read': { config: { channels: { telegram: { dmPolicy: 'disabled', allowFrom: ['*'] } } } },
    },
    fail: {
      pairing: { config: { channels: { telegram: { dmPolicy: 'pairing', allowFrom: ['123', '*'] } } } },
      groups: { config: { channels: { whatsapp: { groupPolicy: 'allowlist', groupAllowFrom: ['*'] } } } },
      account: { config: { channels: { discord: { accounts: { a: { dm: { allowFrom: ['*'] } } } } } } },
    },
  },
})
