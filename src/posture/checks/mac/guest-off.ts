import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.guest-off',
  title: 'there is no guest account',
  severity: 'low',
  why: 'anybody at the keyboard gets a session, and what is shared with everybody on the Mac',
  source: 'CIS Apple macOS Benchmark; sysadminctl -h',
  needs: ['mac'],
  judge: ({ mac }) => (told(mac.guest) ? [{ at: 'guest account', saw: 'enabled', want: 'disabled' }] : []),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ mac }) => (told(mac.guest) ? [{ kind: 'command', do: ['sysadminctl', '-guestAccount', 'off'], undo: ['sysadminctl', '-guestAccount', 'on'], means: 'takes the guest account away' }] : []),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { on: macWith({ 'sysadminctl -guestAccount status': { out: '', err: 'sysadminctl[1:2] Guest account enabled.\n', status: 0 } }) },
  },
})
