import { describe, expect, it } from 'vitest'
import { parseFirewalldZone, parseIptablesInbound, parseNftInbound } from './packet-filter.ts'
import { parseAssignments, parseUfwRules } from './ufw.ts'

describe('nftables', () => {
  it('denies by policy and opens plain ports', () => {
    const text = 'table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n  ct state established accept\n  tcp dport { ssh, 443 } accept # doors\n  ip saddr 10.0.0.0/8 tcp dport 5432 accept\n  udp dport 60000-61000 accept\n }\n}\n'
    expect(parseNftInbound(text)).toEqual({ policy: 'deny', open: [[22, 22], [443, 443], [60_000, 61_000]] })
  })

  it.each([
    ['a drop at the end', 'table inet f { chain in { type filter hook input priority 0; policy accept; tcp dport 22 accept; counter drop; } }', 'deny'],
    ['nothing but accept', 'table inet f { chain in { type filter hook input priority 0; policy accept; tcp dport 23 drop; } }', 'allow'],
    ['another hook', 'table inet f { chain out { type filter hook output priority 0; policy drop; } }', 'none'],
    ['empty', '', 'none'],
  ])('%s', (_, text, policy) => {
    expect(parseNftInbound(text).policy).toBe(policy)
  })
})

describe('iptables', () => {
  it.each([
    ['policy', '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT\n-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT\nCOMMIT\n', { policy: 'deny', open: [[80, 80], [443, 443]] }],
    ['last rule', '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n', { policy: 'deny', open: [] }],
    ['another table', '*nat\n:INPUT DROP [0:0]\nCOMMIT\n', { policy: 'none', open: [] }],
  ])('%s', (_, text, inbound) => {
    expect(parseIptablesInbound(text)).toEqual(inbound)
  })
})

describe('firewalld', () => {
  it('denies what a zone does not name, unless its target accepts', () => {
    expect(parseFirewalldZone('<zone><service name="ssh"/><port protocol="tcp" port="8000-8010"/><!-- <port port="1"/> --></zone>')).toEqual({ policy: 'deny', open: [[8000, 8010]], services: ['ssh'] })
    expect(parseFirewalldZone('<zone target="ACCEPT"/>').policy).toBe('allow')
  })
})

describe('ufw', () => {
  it('keeps rules in its tuples', () => {
    const text = '*filter\n### tuple ### limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=535348\n-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n### tuple ### allow any 80,8000:8010 0.0.0.0/0 any 10.0.0.0/8 in_eth0\n### tuple ### route:allow any any 0.0.0.0/0 any 0.0.0.0/0 in\n### tuple ### deny_log any any ::/0 any ::/0 out\n'
    expect(parseUfwRules(text).map(({ action, protocol, ports, from, direction, comment }) => [action, protocol, ports, from, direction, comment])).toEqual([
      ['limit', 'tcp', [[22, 22]], null, 'in', 'SSH'],
      ['allow', 'any', [[80, 80], [8000, 8010]], '10.0.0.0/8', 'in', ''],
      ['deny', 'any', null, null, 'out', ''],
    ])
  })

  it('keeps settings as assignments', () => {
    expect(parseAssignments('# IPV6=no\nIPV6=yes\nDEFAULT_INPUT_POLICY="DROP" # x\n')).toEqual({ IPV6: 'yes', DEFAULT_INPUT_POLICY: 'DROP' })
  })
})
