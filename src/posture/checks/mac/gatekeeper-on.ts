import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.gatekeeper-on',
  title: 'macOS checks programs before they run',
  severity: 'high',
  why: 'downloads of an agent or a skill run without anybody asking whether they are known malware',
  source: 'spctl(8); Apple Platform Security, Gatekeeper',
  needs: ['mac'],
  judge: ({ mac }) => (told(mac.gatekeeper) ? [] : [{ at: 'Gatekeeper', saw: 'assessments disabled', want: 'enabled' }]),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ mac }) => (told(mac.gatekeeper) ? [] : [{ kind: 'command', do: ['spctl', '--global-enable'], undo: ['spctl', '--global-disable'], means: 'has macOS check programs before they run' }]),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { off: macWith({ 'spctl --status': 'assessments disabled\n' }) },
  },
})
