import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { exampleServer, ufwOn } from '../../example-network.ts'

const line = { key: 'IPV6', separator: '=' } as const

export default defineCheck({
  id: 'firewall.covers-ipv6',
  title: 'the firewall filters IPv6 as well',
  severity: 'medium',
  why: 'most servers have an IPv6 address nobody thinks of, and every port behind it is open',
  source: 'ufw(8), /etc/default/ufw: IPV6',
  needs: ['firewall'],
  applies: ({ firewall }) => firewall.manager !== null,
  judge: ({ firewall: { coversIpv6, manager } }) => (coversIpv6 ? [] : [{ at: manager === 'ufw' ? '/etc/default/ufw' : manager!, saw: 'IPv4 only', want: 'the same rules for IPv6' }]),
  fix: {
    risk: 'safe',
    part: 'firewall',
    // A ruleset somebody wrote by hand is not doubled by a machine.
    plan: ({ firewall: { coversIpv6, manager, ufwDefaults } }) => (coversIpv6 || manager !== 'ufw' ? [] : [{ kind: 'line', path: '/etc/default/ufw', ...line, from: lineIn(ufwDefaults, line), to: 'yes' }]),
  },
  examples: {
    pass: { both: { files: { ...exampleServer, ...ufwOn('allow tcp 22') } } },
    fail: { four: { files: { ...exampleServer, ...ufwOn('allow tcp 22'), '/etc/default/ufw': 'IPV6=no\nDEFAULT_INPUT_POLICY="DROP"\n' } } },
  },
})
