import { defineCheck } from '../../check.ts'
import { exampleServer, ufwOn } from '../../example-network.ts'
import type { FirewallRule } from '../../facts/firewall.ts'
import { removeRules } from '../../ufw-plan.ts'

const isEverything = ({ ports, from }: FirewallRule): boolean => from === null && (ports === null || ports.some(([first, last]) => last - first >= 60_000))

export default defineCheck({
  id: 'firewall.no-rule-for-everything',
  title: 'no rule lets everybody in everywhere',
  severity: 'high',
  why: 'one such rule above makes every other one decoration',
  source: 'ufw(8); OpenClaw hardening checklist: deny everything else by default',
  needs: ['firewallRules', 'remoteAccess'],
  judge: ({ firewallRules }) => firewallRules.filter(isEverything).map(({ at }) => ({ at, saw: 'every port open to everybody', want: 'named ports only' })),
  fix: { risk: 'lockout', part: 'firewall', plan: (facts) => removeRules(facts.firewallRules.filter(isEverything), facts) },
  examples: {
    pass: { named: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow any any 10.8.0.0/24') } } },
    fail: { any: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow any any') }, fixedFiles: ufwOn('allow tcp 22') } },
  },
})
