import { defineCheck } from '../../check.ts'
import { exampleServer, firewalldOn, nftablesOn, ufwOn } from '../../example-network.ts'
import type { FirewallRule } from '../../facts/firewall.ts'
import { gatewayPorts } from '../../gateway-ports.ts'
import { closePorts, opens, portsIn, removeRules } from '../../ufw-plan.ts'

const letsIn = (rule: FirewallRule): boolean => rule.from === null && rule.ports !== null && gatewayPorts.some((port) => opens(rule, port) && rule.shut?.includes(port) !== true)

export default defineCheck({
  id: 'firewall.gateway-closed',
  title: 'the firewall lets nobody straight to the ports of OpenClaw',
  severity: 'high',
  why: 'past the front door there is one token between the internet and a shell; tens of thousands of gateways were found this way',
  source: 'OpenClaw docs, gateway/security/network-exposure; security guide: do not publish raw OpenClaw service ports',
  needs: ['firewall', 'firewallRules', 'remoteAccess'],
  judge: ({ firewallRules }) => firewallRules.filter(letsIn).map((rule) => ({ at: rule.at, saw: `${portsIn(rule)} open to everybody`, want: 'closed, or from one network only' })),
  fix: {
    risk: 'restart',
    part: 'firewall',
    plan(facts) {
      const open = facts.firewallRules.filter(letsIn)
      return open.length === 0 ? [] : [...removeRules(open, facts), ...closePorts(facts.firewall, gatewayPorts)]
    },
  },
  examples: {
    pass: { closed: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 443') } }, 'one network': { files: { ...exampleServer, ...ufwOn('allow tcp 18789 10.8.0.0/24') } } },
    fail: {
      open: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 18789') }, fixedFiles: ufwOn('allow tcp 22') },
      'in nftables': { files: { ...exampleServer, ...nftablesOn('policy drop;', 'tcp dport { 22, 18789 } accept') } },
      'in firewalld': { files: { ...exampleServer, ...firewalldOn('<zone>\n  <service name="ssh"/>\n  <port protocol="tcp" port="18789"/>\n  <port port="18700-18800" protocol="tcp"/>\n</zone>\n') } },
      'in a range': { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 18000:19000') }, fixedFiles: ufwOn('allow tcp 22') },
    },
  },
})
