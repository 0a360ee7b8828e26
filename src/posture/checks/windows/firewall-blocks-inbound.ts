import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.firewall-blocks-inbound',
  title: 'the firewall lets in only what a rule allows',
  severity: 'medium',
  why: 'a profile that allows by default is a firewall in name',
  source: 'Microsoft Learn, Set-NetFirewallProfile, DefaultInboundAction',
  needs: ['windows'],
  judge: ({ windows }) => told(windows.firewall).filter(({ Inbound }) => Inbound === 'Allow').map(({ Name }) => ({ at: `firewall profile ${Name}`, saw: 'allows by default', want: 'Block' })),
  fix: {
    // Remote Desktop stays as its own rule says; a service without one is cut.
    risk: 'lockout',
    part: 'firewall',
    plan: ({ windows }) =>
      told(windows.firewall)
        .filter(({ Inbound }) => Inbound === 'Allow')
        .map(({ Name }) => ({ kind: 'command', do: [powershell, '-NoProfile', '-Command', `Set-NetFirewallProfile -Name ${Name} -DefaultInboundAction Block`], undo: [powershell, '-NoProfile', '-Command', `Set-NetFirewallProfile -Name ${Name} -DefaultInboundAction Allow`], means: `blocks by default in the profile ${Name}` })),
  },
  examples: {
    pass: { healthy: windowsWith(), 'not set, which blocks': windowsWith({ firewall: { value: { Name: 'Public', Enabled: 'True', Inbound: 'NotConfigured' } } }) },
    fail: { open: windowsWith({ firewall: { value: { Name: 'Public', Enabled: 'True', Inbound: 'Allow' } } }) },
  },
})
