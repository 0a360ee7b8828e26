import { defineCheck } from '../../check.ts'
import { exampleServer, ufwOn } from '../../example-network.ts'
import type { FirewallRule } from '../../facts/firewall.ts'
import { portsIn, removeRules } from '../../ufw-plan.ts'

// The words people use when they mean to come back to it.
const isTemporary = ({ comment }: FirewallRule): boolean => /\b(temp(orary)?|tmp|debug(ging)?|test(ing)?|todo|fixme|remove( me)?|delete me)\b/i.test(comment)

export default defineCheck({
  id: 'firewall.no-temporary-rules',
  title: 'no rule is left over from debugging',
  severity: 'low',
  why: 'a rule that was meant for an afternoon is the open port nobody remembers',
  source: 'OpenClaw hardening checklist: it is common to add temporary rules during debugging and forget to remove them',
  needs: ['firewallRules', 'remoteAccess'],
  judge: ({ firewallRules }) => firewallRules.filter(isTemporary).map((rule) => ({ at: rule.at, saw: `${portsIn(rule)}, by its comment not meant to stay`, want: 'no such rule, or a comment that says what it is for' })),
  fix: { risk: 'lockout', part: 'firewall', plan: (facts) => removeRules(facts.firewallRules.filter(isTemporary), facts) },
  examples: {
    pass: { none: { files: { ...exampleServer, ...ufwOn('allow tcp 22#ssh', 'allow tcp 443#latest site, attempts counted') } } },
    fail: {
      'the rule of SSH itself': { files: { ...exampleServer, ...ufwOn('allow tcp 22#temp until VPN works') }, fixedFiles: ufwOn('allow tcp 22') },
      debug: { files: { ...exampleServer, ...ufwOn('allow tcp 22', 'allow tcp 9000#temp debug port') }, fixedFiles: ufwOn('allow tcp 22') },
    },
  },
})
