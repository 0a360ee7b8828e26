import { isRecord } from '../../../base/index.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { flagAt, valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'elevated.off',
  title: 'nobody can run commands outside the sandbox from a chat',
  severity: 'medium',
  why: 'elevated mode takes one message of a listed sender out of the sandbox; a forged or taken-over chat account is enough',
  source: 'OpenClaw docs, tools/elevated; hardening guide, elevated privileges (tools.elevated.enabled: false)',
  // Agents can only narrow what holds for all, so the one switch decides (docs, tools/elevated).
  ...settingsJudge((config) => {
    if (flagAt(config, 'tools.elevated.enabled') === false) return []
    const lists = valueOf(config, 'tools.elevated.allowFrom')
    const channels = isRecord(lists) ? Object.keys(lists) : []
    const saw = channels.length > 0 ? `on for listed senders of ${channels.join(', ')}` : 'on, with nobody listed yet'
    return [{ at: ['tools', 'elevated', 'enabled'], saw, want: 'false', to: false, ...(channels.length === 0 && { severity: 'low' as const }) }]
  }),
  examples: {
    pass: { off: { config: { tools: { elevated: { enabled: false } } } } },
    fail: {
      'by default': { config: {} },
      'with senders': { config: { tools: { elevated: { enabled: true, allowFrom: { telegram: ['1'] } } } } },
    },
  },
})
