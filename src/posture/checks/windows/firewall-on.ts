import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.firewall-on',
  title: 'the firewall is on in every network',
  severity: 'high',
  why: 'every program that opens a port is reachable from the networks whose profile is off',
  source: 'Microsoft Learn, Get-NetFirewallProfile; CIS Microsoft Windows 11 Benchmark',
  needs: ['windows'],
  judge: ({ windows }) => told(windows.firewall).filter(({ Enabled }) => Enabled !== 'True').map(({ Name }) => ({ at: `firewall profile ${Name}`, saw: 'off', want: 'on' })),
  fix: {
    risk: 'safe',
    part: 'firewall',
    plan: ({ windows }) =>
      told(windows.firewall)
        .filter(({ Enabled }) => Enabled !== 'True')
        .map(({ Name }) => ({ kind: 'command', do: [powershell, '-NoProfile', '-Command', `Set-NetFirewallProfile -Name ${Name} -Enabled True`], undo: [powershell, '-NoProfile', '-Command', `Set-NetFirewallProfile -Name ${Name} -Enabled False`], means: `turns the firewall on in the profile ${Name}` })),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { 'public off': windowsWith({ firewall: { value: [{ Name: 'Private', Enabled: 'True', Inbound: 'Block' }, { Name: 'Public', Enabled: 'False', Inbound: 'NotConfigured' }] } }) },
  },
})
