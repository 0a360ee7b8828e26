import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.sip-on',
  title: 'system integrity protection is on',
  severity: 'high',
  why: 'a program that becomes root can change the system itself and stay unseen',
  source: 'csrutil(8); Apple Platform Security, System Integrity Protection',
  needs: ['mac'],
  judge: ({ mac }) => (told(mac.sip) ? [] : [{ at: 'System Integrity Protection', saw: 'not enabled', want: 'enabled' }]),
  manual: 'start into recovery (hold the power button), open Terminal there, run `csrutil enable`, restart',
  examples: {
    pass: { healthy: macWith() },
    fail: { off: macWith({ 'csrutil status': 'System Integrity Protection status: disabled.\n' }) },
  },
})
