import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.firewall-on',
  title: 'the firewall of macOS is on',
  severity: 'medium',
  why: 'every program that opens a port is reachable from each network the Mac joins',
  source: 'Apple Support, macOS firewall; CIS Apple macOS Benchmark',
  needs: ['mac'],
  judge: ({ mac }) => (told(mac.firewall) ? [] : [{ at: 'application firewall', saw: 'off', want: 'on' }]),
  fix: {
    risk: 'safe',
    part: 'firewall',
    plan: ({ mac }) => (told(mac.firewall) ? [] : [{ kind: 'command', do: ['/usr/libexec/ApplicationFirewall/socketfilterfw', '--setglobalstate', 'on'], undo: ['/usr/libexec/ApplicationFirewall/socketfilterfw', '--setglobalstate', 'off'], means: 'turns the firewall of macOS on' }]),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { off: macWith({ '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate': 'Firewall is disabled. (State = 0)\n' }) },
  },
})
