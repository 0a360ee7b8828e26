import { defineCheck } from '../../check.ts'
import { exampleServer, ufwOn } from '../../example-network.ts'
import type { Facts } from '../../facts.ts'
import { effective } from '../../sshd-settings.ts'
import { opens } from '../../ufw-plan.ts'

type Needs = Pick<Facts, 'sshd' | 'firewall' | 'firewallRules' | 'remoteAccess'>
// RFC 1918, RFC 6598 (what VPNs such as Tailscale give out), RFC 4193, and the machine itself.
const inside = /^\[?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][\da-f]{2}:|::1)/i

export default defineCheck({
  id: 'sshd.limited-sources',
  title: 'only known networks reach SSH',
  severity: 'info',
  why: 'the next hole in sshd is then a matter of your own network, not of every scanner (CVE-2024-6387)',
  source: 'OpenClaw security guide: limited source CIDRs; operator plane reachable only from a VPN',
  needs: ['sshd', 'firewall', 'firewallRules', 'remoteAccess'],
  judge: (facts) => (isLimited(facts) ? [] : [{ at: `port ${facts.remoteAccess.sshPorts.join(', ')}`, saw: 'open to every address, as far as this machine can see', want: 'your networks only' }]),
  // A machine cannot know from where its operator will come tomorrow.
  manual: 'with a fixed address or a VPN run ufw allow from NETWORK to any port 22 proto tcp, then ufw delete allow 22/tcp; a rule in the firewall of your provider does the same',
  examples: {
    pass: {
      firewall: { files: { ...exampleServer, ...ufwOn('allow tcp 22 203.0.113.0/24') } },
      'listens inside': { files: { ...exampleServer, '/etc/ssh/sshd_config': 'ListenAddress 100.101.2.3\nListenAddress 10.8.0.1:22\n' } },
      people: { files: { ...exampleServer, '/etc/ssh/sshd_config': 'AllowUsers claw@203.0.113.0/24\n' } },
    },
    fail: { everybody: { files: { ...exampleServer, ...ufwOn('limit tcp 22') } }, 'no firewall': { files: exampleServer } },
  },
})

function isLimited({ sshd, firewall, firewallRules, remoteAccess }: Needs): boolean {
  const words = (keyword: string): string[] => effective(sshd, keyword).split(' ').filter((word) => word !== '')
  const [addresses, users] = [words('ListenAddress'), words('AllowUsers')]
  if (addresses.length > 0 && addresses.every((address) => inside.test(address))) return true
  if (users.length > 0 && users.every((user) => user.includes('@'))) return true
  return firewall.inbound === 'deny' && !remoteAccess.sshPorts.some((port) => firewallRules.some((rule) => rule.from === null && opens(rule, port)))
}
