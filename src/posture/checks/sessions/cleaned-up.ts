import { settingsJudge } from '../../bad-settings.ts'
import { textAt, valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'sessions.cleaned-up',
  title: 'old sessions are put away by themselves',
  severity: 'low',
  why: 'transcripts hold pasted keys, files and private talk; what is kept for ever is stolen at once',
  source: 'OpenClaw docs, gateway/config-agents/sessions (session.maintenance); guides, data retention policy',
  ...settingsJudge((config) => [
    ...(textAt(config, 'session.maintenance.mode') === 'warn' ? [{ at: ['session', 'maintenance', 'mode'], saw: 'warn: nothing is cleaned up', want: 'enforce', to: 'enforce' }] : []),
    ...['pruneAfter', 'maxDiskBytes'].flatMap((key) => {
      const at = ['session', 'maintenance', key]
      const value = valueOf(config, at)
      return value === false || value === 0 ? [{ at, saw: 'no limit', want: key === 'pruneAfter' ? '30d' : '10gb', to: key === 'pruneAfter' ? '30d' : '10gb' }] : []
    }),
  ]),
  examples: {
    pass: { 'by default': { config: {} }, shorter: { config: { session: { maintenance: { mode: 'enforce', pruneAfter: '14d' } } } } },
    fail: { warned: { config: { session: { maintenance: { mode: 'warn' } } } }, 'for ever': { config: { session: { maintenance: { pruneAfter: false, maxDiskBytes: false } } } } },
  },
})
