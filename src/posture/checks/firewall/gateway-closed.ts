import { defineCheck } from '../../check.ts'
import { exampleServer, ufwOn } from '../../example-network.ts'
import type { FirewallRule } from '../../facts/firewall.ts'
import { gatewayPorts } from '../../gateway-ports.ts'
import { opens, portsIn, removeRules } from '../../ufw-plan.ts'

const letsIn = (rule: FirewallRule): boolean => rule.from === null && rule.ports !== null && gatewayPorts.some((port) => opens(rule, port))

export default defineCheck({
  id: 'firewall.gateway-closed',
  title: 'the firewall lets nobody straight to the ports of OpenClaw',
  severity: 'high',
  why: 'past the front door there is one token between the internet and a shell; tens of thousands of gateways were found this way',
  source: 'OpenClaw docs, gateway/security/network-exposure; security guide: do not publish raw OpenClaw service ports',
  needs: ['firewallRules', 'remoteAccess'],
  judge: ({ firewallRules }) => firewallRules.filter(letsIn).map((rule) => ({ at: rule.at, saw: `${portsIn(rule)} open to everybody`, want: 'closed, or from one network only' })),
  fix: { risk: 'restart', part: 'firewall', plan: (facts) => removeRules(facts.firewallRules.filter(letsIn), facts) },
  examples: {
    pass: { closed: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 443') } }, 'one network': { files: { ...exampleServer, ...ufwOn('allow tcp 18789 10.8.0.0/24') } } },
    fail: {
      open: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 18789') }, fixedFiles: ufwOn('allow tcp 22') },
      'in a range': { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 18000:19000') }, fixedFiles: ufwOn('allow tcp 22') },
    },
  },
})
