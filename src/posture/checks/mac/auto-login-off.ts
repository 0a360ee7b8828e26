import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.auto-login-off',
  title: 'nobody is logged in without a password',
  severity: 'medium',
  why: 'whoever switches the Mac on is in the session that runs OpenClaw, disk encryption or not',
  source: 'CIS Apple macOS Benchmark; Apple Support, automatic login',
  needs: ['mac'],
  judge: ({ mac }) => {
    const user = told(mac.autoLogin)
    return user === null ? [] : [{ at: 'login window', saw: `${user} is logged in by itself`, want: 'a password' }]
  },
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ mac }) => (told(mac.autoLogin) === null ? [] : [{ kind: 'command', do: ['sysadminctl', '-autologin', 'off'], undo: null, means: 'asks for a password at the start; the one that was stored for it is gone' }]),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { somebody: macWith({ 'defaults read /Library/Preferences/com.apple.loginwindow autoLoginUser': 'claw\n' }) },
  },
})
