import { settingsJudge } from '../../bad-settings.ts'
import { channelSections, hasWildcard, openDms } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { valueOf } from '../../config-values.ts'

export default defineCheck({
  id: 'channels.dms-not-open',
  title: 'only people who were let in can write to the agent directly',
  severity: 'critical',
  why: 'whoever finds the number or name of the bot talks to it, and to everything it may do',
  source: 'OpenClaw docs, channels/pairing and gateway/security/audit-checks (channels.<provider>.dm.open); hardening guide, dmPolicy pairing',
  covers: ['channels.*.dm.open', 'channels.*.dm.open_invalid'],
  ...settingsJudge((config) =>
    channelSections(config).flatMap((section) =>
      openDms(section).map(({ at, channel }) => {
        const list = [...at.slice(0, -1), 'allowFrom']
        const senders = valueOf(config, list)
        const also = hasWildcard(senders) && Array.isArray(senders) ? [{ at: list, to: senders.filter((one) => String(one).trim() !== '*') }] : []
        const covers = [`channels.${channel}.dm.open`, ...(also.length === 0 ? [`channels.${channel}.dm.open_invalid`] : [])]
        // Open with named senders admits those only (docs, channels/pairing); it is one edit away from everybody.
        const severity = also.length > 0 || senders === undefined ? ('critical' as const) : ('medium' as const)
        return { at, saw: 'open', want: 'pairing', to: 'pairing', also, covers, severity }
      }),
    ),
  ),
  examples: {
    pass: {
      pairing: { config: { channels: { telegram: { dmPolicy: 'pairing' } } } },
      'by default': { config: { channels: { telegram: { botToken: '${TOKEN}' } } } },
      'switched off': { config: { channels: { telegram: { enabled: false, dmPolicy: 'open' } } } },
    },
    fail: {
      open: { config: { channels: { telegram: { dmPolicy: 'open', allowFrom: ['*'] } } } },
      'an account': { config: { channels: { whatsapp: { dmPolicy: 'pairing', accounts: { shop: { dmPolicy: 'open' } } } } } },
      'spelling of before': { config: { channels: { discord: { dm: { policy: 'open', allowFrom: ['*'] } } } } },
    },
  },
})
