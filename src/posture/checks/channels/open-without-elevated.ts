import { settingsJudge } from '../../bad-settings.ts'
import { openPolicies } from '../../channel-policies.ts'
import { flagAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import { nameOf } from '../../setting-change.ts'

export default defineCheck({
  id: 'channels.open-without-elevated',
  title: 'elevated mode is off where channels are open',
  severity: 'critical',
  why: 'the way out of the sandbox is then one allow list away from strangers',
  source: 'OpenClaw docs, gateway/security/audit-checks (security.exposure.open_groups_with_elevated)',
  covers: ['security.exposure.open_groups_with_elevated'],
  ...settingsJudge((config) => {
    const open = openPolicies(config)
    if (open.length === 0 || flagAt(config, 'tools.elevated.enabled') === false) return []
    const at = ['tools', 'elevated', 'enabled']
    return [{ at, saw: `on, and open at ${open.map((one) => nameOf(one.at)).join(', ')}`, want: 'false, or closed channels', to: false }]
  }),
  examples: {
    pass: {
      off: { config: { tools: { elevated: { enabled: false } }, channels: { telegram: { groupPolicy: 'open' } } } },
      closed: { config: { channels: { telegram: { groupPolicy: 'allowlist', dmPolicy: 'pairing' } } } },
    },
    fail: { open: { config: { channels: { telegram: { groupPolicy: 'open' } } } }, 'spelling of before': { config: { channels: { discord: { dm: { policy: 'open' } } } } } },
  },
})
