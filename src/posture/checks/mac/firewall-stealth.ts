import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.firewall-stealth',
  title: 'the Mac does not answer probes',
  severity: 'low',
  why: 'scanners find the Mac in every network it joins, and come back',
  source: 'Apple Support, macOS firewall; CIS Apple macOS Benchmark',
  needs: ['mac'],
  judge: ({ mac }) => (told(mac.stealth) ? [] : [{ at: 'application firewall', saw: 'stealth mode off', want: 'on' }]),
  fix: {
    risk: 'safe',
    part: 'firewall',
    plan: ({ mac }) => (told(mac.stealth) ? [] : [{ kind: 'command', do: ['/usr/libexec/ApplicationFirewall/socketfilterfw', '--setstealthmode', 'on'], undo: ['/usr/libexec/ApplicationFirewall/socketfilterfw', '--setstealthmode', 'off'], means: 'has the Mac stay silent when it is probed' }]),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { off: macWith({ '/usr/libexec/ApplicationFirewall/socketfilterfw --getstealthmode': 'Firewall stealth mode is off\n' }) },
  },
})
