import { settingsJudge } from '../../bad-settings.ts'
import { valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

const at = ['session', 'maintenance', 'resetArchiveRetention']

export default defineCheck({
  id: 'sessions.resets-deleted',
  title: 'conversations that were reset or deleted go after a while',
  severity: 'info',
  why: 'who deletes a conversation believes it gone; by default its archive stays until the disk budget is used up',
  source: 'OpenClaw docs, gateway/config-agents/sessions (resetArchiveRetention, unset by default)',
  ...settingsJudge((config) => {
    const value = valueOf(config, at)
    return value === undefined || value === false ? [{ at, saw: value === false ? 'never' : 'not set: kept until 10 GB are full', want: '30d', to: '30d' }] : []
  }),
  examples: {
    pass: { limited: { config: { session: { maintenance: { resetArchiveRetention: '30d' } } } } },
    fail: { 'by default': { config: {} }, never: { config: { session: { maintenance: { resetArchiveRetention: false } } } } },
  },
})
