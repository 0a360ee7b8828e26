import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.remote-login-off',
  title: 'remote login is off',
  severity: 'info',
  why: 'an SSH server is one more door; where nobody comes in through it, it need not be there',
  source: 'systemsetup(8); CIS Apple macOS Benchmark',
  needs: ['mac'],
  judge: ({ mac }) => (told(mac.remoteLogin) ? [{ at: 'Remote Login', saw: 'on', want: 'off, unless you come in through it' }] : []),
  fix: {
    risk: 'lockout',
    part: 'ssh',
    plan: ({ mac }) => (told(mac.remoteLogin) ? [{ kind: 'command', do: ['systemsetup', '-f', '-setremotelogin', 'off'], undo: ['systemsetup', '-setremotelogin', 'on'], means: 'ends SSH on this Mac: have a keyboard on it first' }] : []),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { on: macWith({ 'systemsetup -getremotelogin': 'Remote Login: On\n' }) },
  },
})
