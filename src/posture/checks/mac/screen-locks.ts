import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

// CIS Apple macOS Benchmark: immediately or after 5 seconds.
const mostSeconds = 5

export default defineCheck({
  id: 'mac.screen-locks',
  title: 'a screen that sleeps asks for the password at once',
  severity: 'low',
  why: 'whoever passes by has the session that runs OpenClaw',
  source: 'CIS Apple macOS Benchmark; sysadminctl -h',
  needs: ['mac'],
  judge: ({ mac }) => {
    const delay = told(mac.screenLock)
    return delay !== null && delay <= mostSeconds ? [] : [{ at: 'screen lock', saw: delay === null ? 'off' : `after ${delay} seconds`, want: `within ${mostSeconds} seconds` }]
  },
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ mac }) => {
      const delay = told(mac.screenLock)
      return delay !== null && delay <= mostSeconds ? [] : [{ kind: 'command', do: ['sysadminctl', '-screenLock', 'immediate', '-password', '-'], undo: ['sysadminctl', '-screenLock', delay === null ? 'off' : String(delay), '-password', '-'], means: 'locks the screen when it sleeps; it asks for your password' }]
    },
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { never: macWith({ 'sysadminctl -screenLock status': { out: '', err: 'sysadminctl[1:2] screenLock is off\n', status: 0 } }) },
  },
})
