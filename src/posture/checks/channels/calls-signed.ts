import { settingsJudge } from '../../bad-settings.ts'
import { flagAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

const at = ['plugins', 'entries', 'voice-call', 'config', 'skipSignatureVerification']

export default defineCheck({
  id: 'channels.calls-signed',
  title: 'signatures of the telephone provider are checked',
  severity: 'critical',
  why: 'unchecked, whoever knows the address makes up calls and what was said in them',
  source: 'CVE-2026-26319 (Telnyx webhook forgery); OpenClaw docs, plugins/voice-call/configuration',
  ...settingsJudge((config) => (flagAt(config, at.join('.')) === true ? [{ at, saw: 'true', want: 'false', to: false }] : [])),
  examples: {
    pass: { 'by default': { config: { plugins: { entries: { 'voice-call': { config: { provider: 'telnyx' } } } } } } },
    fail: { skipped: { config: { plugins: { entries: { 'voice-call': { config: { skipSignatureVerification: true } } } } } } },
  },
})
