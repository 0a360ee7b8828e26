import { defineCheck } from '../../check.ts'
import { exampleServer, listening, ufwOn } from '../../example-network.ts'
import type { Facts } from '../../facts.ts'
import { isLoopback } from '../../facts/sockets.ts'
import { opens, portsIn, removeRules } from '../../ufw-plan.ts'

export default defineCheck({
  id: 'firewall.no-unused-ports',
  title: 'every open port has somebody who listens on it',
  severity: 'low',
  why: 'whatever binds that port next is on the internet at once, and nobody decided it',
  source: 'OpenClaw hardening checklist: whether firewall rules still match your current requirements',
  needs: ['firewallRules', 'sockets', 'remoteAccess'],
  judge: (facts) => unused(facts).map((rule) => ({ at: rule.at, saw: `${portsIn(rule)} open, nobody listens`, want: 'no such rule' })),
  fix: { risk: 'lockout', part: 'firewall', plan: (facts) => removeRules(unused(facts), facts) },
  examples: {
    pass: { used: { files: { ...exampleServer, '/proc/net/tcp': listening('0.0.0.0:22', '0.0.0.0:443'), ...ufwOn('allow tcp 22', 'allow tcp 443') } } },
    fail: {
      nobody: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 3001') }, fixedFiles: ufwOn('allow tcp 22') },
      'loopback only': { files: { ...exampleServer, '/proc/net/tcp': listening('0.0.0.0:22', '127.0.0.1:3001'), ...ufwOn('allow tcp 22', 'allow tcp 3001') }, fixedFiles: ufwOn('allow tcp 22') },
    },
  },
})

function unused({ firewallRules, sockets, remoteAccess }: Pick<Facts, 'firewallRules' | 'sockets' | 'remoteAccess'>): Facts['firewallRules'] {
  const used = [...sockets.listening.filter(({ address }) => !isLoopback(address)).map(({ port }) => port), ...remoteAccess.sshPorts]
  // Port 80 is needed once in two months, when the certificate is renewed.
  return firewallRules.filter((rule) => rule.ports !== null && !opens(rule, 80) && !used.some((port) => opens(rule, port)))
}
