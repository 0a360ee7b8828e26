import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.stays-awake',
  title: 'the Mac does not fall asleep under the gateway',
  severity: 'info',
  why: 'a sleeping Mac answers no message, runs no job, and proves nothing: alarms go off for no reason or not at all',
  source: 'pmset(1); OpenClaw docs, platforms/macos',
  needs: ['mac'],
  judge: ({ mac }) => {
    const minutes = told(mac.sleep)
    return minutes === 0 ? [] : [{ at: 'power settings', saw: `sleeps after ${minutes} minutes`, want: 'never' }]
  },
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ mac }) => {
      const minutes = told(mac.sleep)
      return minutes === 0 ? [] : [{ kind: 'command', do: ['pmset', '-a', 'sleep', '0'], undo: ['pmset', '-a', 'sleep', String(minutes)], means: 'keeps the Mac awake; its screen may still sleep' }]
    },
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { asleep: macWith({ 'pmset -g': 'Currently in use:\n sleep                1\n' }) },
  },
})
