import { parseDuration } from '../../../base/index.ts'
import { defineGuardCheck } from '../../guard-settings.ts'

// Egress closes two beats after the last proof that held: half an hour of an open hole is the most anybody accepts.
const quarterMs = 900_000

export default defineGuardCheck({
  id: 'guard.proofs-frequent',
  title: 'every surface is attacked by the guard at least each quarter of an hour',
  severity: 'medium',
  why: 'an upgrade that silently drops a hook is noticed an hour later',
  source: 'docs/threat-model.md; proof.every',
  at: 'proof.every',
  fallback: '5m',
  isGood: (value) => (parseDuration(String(value)) ?? Infinity) <= quarterMs,
  want: '15m or less',
  to: () => '5m',
  passes: { 'every minute': 'proof:\n  every: 1m\n' },
  fails: { 'hourly': 'proof:\n  every: 1h\n' },
})
