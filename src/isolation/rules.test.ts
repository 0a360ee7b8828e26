import { describe, expect, it } from 'vitest'
import { nameFor, rulesetFor, type Confinement } from './index.ts'

const confinement: Confinement = {
  name: nameFor(70_123),
  uid: 70_123,
  sandboxUids: { first: 1_900_000_000, last: 1_900_000_255 },
  doors: { model: { host: '127.0.0.1', port: 18_701 }, egress: { host: '::1', port: 18_702 }, dns: { host: '127.0.0.1', port: 18_703 } },
  gatewayPort: 18_710,
  loopbackPorts: [3000],
  engine: null,
}
const rules = rulesetFor(confinement, null).split('\n').map((line) => line.trim())

describe('the rules of one installation', () => {
  it('replace what was there under their name, in one transaction, and name nobody else', () => {
    expect(rules.slice(0, 3)).toEqual(['table inet hardshell_70123', 'delete table inet hardshell_70123', 'table inet hardshell_70123 {'])
    expect(rules).toContain('elements = { 70123, 1900000000-1900000255 }')
    expect(rules.filter((line) => line.startsWith('type filter'))).toEqual(['type filter hook output priority -5; policy accept;'])
    expect(rules.filter((line) => line.includes('jump'))).toEqual(['meta skuid @confined jump only_the_guard'])
  })

  it('let through the doors, the gateway and what the settings name, on loopback alone', () => {
    expect(rules.filter((line) => line.endsWith('accept'))).toEqual([
      'oifname "lo" ip daddr 127.0.0.1 tcp dport 18701 accept',
      'oifname "lo" ip6 daddr ::1 tcp dport 18702 accept',
      'oifname "lo" ip daddr 127.0.0.1 tcp dport 18710 accept',
      'oifname "lo" ip daddr 127.0.0.1 tcp dport 3000 accept',
      'ip daddr 127.0.0.1 udp dport 18703 accept',
      'ip daddr 127.0.0.1 tcp dport 18703 accept',
      'oifname "lo" tcp sport 18710 ct direction reply accept',
    ])
    expect(rules.join('\n')).not.toMatch(/established/)
  })

  it('lead questions for names to the filter, or nowhere when none runs', () => {
    expect(rules).toContain('meta skuid @confined meta nfproto ipv4 udp dport 53 redirect to :18703')
    const silent = rulesetFor({ ...confinement, doors: { ...confinement.doors, dns: null } }, null)
    expect(silent).not.toMatch(/redirect|18703/)
  })

  it('end with a refusal that is counted, logged with measure, and answered at once', () => {
    const last = rules.slice(rules.indexOf('meta l4proto tcp counter name refused_tcp'))
    expect(last).toEqual([
      'meta l4proto tcp counter name refused_tcp',
      'meta l4proto udp counter name refused_udp',
      'meta l4proto != { tcp, udp } counter name refused_other',
      'limit rate 10/minute burst 20 packets log prefix "hardshell_70123 refused: " level info',
      'meta l4proto tcp reject with tcp reset',
      'reject with icmpx admin-prohibited',
      '}', '}', '',
    ])
  })

  it('are forgotten by the kernel after a time, when they are on trial', () => {
    expect(rulesetFor(confinement, 125)).toContain('elements = { 70123 timeout 125s, 1900000000-1900000255 timeout 125s }')
  })
})
