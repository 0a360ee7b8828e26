import { defineCheck } from '../../check.ts'
import { exampleServer, firewalldOn, nftablesOn, ufwOn } from '../../example-network.ts'
import { denyByDefault } from '../../ufw-plan.ts'

export default defineCheck({
  id: 'firewall.default-deny',
  title: 'the firewall drops what nobody let in by name',
  severity: 'high',
  why: 'without it every service anything on this machine starts is open to the internet from that moment',
  source: 'OpenClaw hardening checklist: firewall configured with deny-all default; ufw(8)',
  needs: ['firewall', 'remoteAccess'],
  judge({ firewall: { manager, inbound } }) {
    if (manager === null) return [{ at: 'firewall', saw: 'no packet filter on this machine', want: 'incoming denied by default (a firewall of the provider in front does not see its neighbours)' }]
    return inbound === 'deny' ? [] : [{ at: manager === 'ufw' ? '/etc/default/ufw' : manager, saw: 'incoming allowed by default', want: 'incoming denied by default' }]
  },
  fix: { risk: 'lockout', part: 'firewall', plan: ({ firewall, remoteAccess }) => (firewall.inbound === 'deny' ? [] : denyByDefault(firewall, remoteAccess)) },
  examples: {
    pass: {
      ufw: { files: { ...exampleServer, ...ufwOn('allow tcp 22') } },
      nftables: { files: { ...exampleServer, ...nftablesOn('policy drop;', 'tcp dport { 22, 443 } accept') } },
      iptables: { files: { ...exampleServer, '/etc/iptables/rules.v4': '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n' } },
      firewalld: { files: { ...exampleServer, ...firewalldOn('<zone><service name="ssh"/></zone>') } },
      'the kernel itself': { files: exampleServer, runs: { 'nft -s list ruleset': 'table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n' } },
    },
    fail: {
      nothing: { files: exampleServer, fixedFiles: ufwOn('allow tcp 22') },
      'switched off': { files: { ...exampleServer, ...ufwOn('allow tcp 22'), '/etc/ufw/ufw.conf': 'ENABLED=no\n' }, fixedFiles: ufwOn('allow tcp 22') },
      'allowed by default': { files: { ...exampleServer, ...ufwOn('allow tcp 22'), '/etc/default/ufw': 'DEFAULT_INPUT_POLICY="ACCEPT"\n' }, fixedFiles: ufwOn('allow tcp 22') },
      'nftables that only counts': { files: { ...exampleServer, ...nftablesOn('policy accept;', 'counter') } },
      'a zone that accepts': { files: { ...exampleServer, ...firewalldOn('<zone target="ACCEPT">\n  <short>Public</short>\n</zone>\n') } },
    },
  },
})
