import { describe, expect, it } from 'vitest'
import { keepFor } from './keep.ts'
import { lockdownRules } from './rules.ts'

const console_ = { user: 'anna', connection: null }
const overSsh = (peer: string) => ({ user: 'anna', connection: { peer, address: '198.51.100.2', port: 2222 } })

describe('who is kept while the network is shut', () => {
  it('is whoever gave the command, on the port they came in by and those of sshd', () => {
    expect(keepFor(overSsh('203.0.113.7'), [], [22])).toEqual({ ipv4: ['203.0.113.7'], ipv6: [], ports: [2222, 22] })
    expect(keepFor(overSsh('::ffff:203.0.113.7'), [], [2222])).toEqual({ ipv4: ['203.0.113.7'], ipv6: [], ports: [2222] })
    expect(keepFor(overSsh('fe80::1%eth0'), [], [22]).ipv6).toEqual(['fe80::1'])
  })

  it('is nobody on a console, unless somebody is named; host bits are cleared and nothing is said twice', () => {
    expect(keepFor(console_, [], [22])).toEqual({ ipv4: [], ipv6: [], ports: [22] })
    expect(keepFor(console_, ['203.0.113.7/24', '203.0.113.0/24', '2001:db8::1/64'], [22])).toEqual({ ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8::/64'], ports: [22] })
  })

  it('is never everybody, and nothing that could become a rule of its own', () => {
    for (const bad of ['0.0.0.0/0', '10.0.0.0/7', '::/0', '2001::/15', '203.0.113.7/33', '2001:db8::1/129', '1.2.3', '0x7f000001', '2130706433', 'example.com', '', '203.0.113.7/', '1.2.3.4 }', '203.0.113.7/24/8']) {
      expect(() => keepFor(console_, [bad], [22]), bad).toThrow(/is not an address or a network/)
    }
  })

  it('ends in rules whose time the kernel holds, and that know which sessions stand', () => {
    const open = [
      { port: 2222, peer: '203.0.113.7', peerPort: 50000 },
      { port: 2222, peer: '2001:db8::7', peerPort: 50001 },
      { port: 8080, peer: '203.0.113.7', peerPort: 50002 },
    ]
    const rules = lockdownRules(keepFor(overSsh('203.0.113.7'), [], [2222]), open, 300)
    expect(rules).toContain('elements = { ipv4 timeout 300s, ipv6 timeout 300s }')
    expect(rules).toContain('elements = { 203.0.113.7 }')
    expect(rules).toContain('elements = { 203.0.113.7 . 2222 . 50000 }')
    expect(rules).toContain('elements = { 2001:db8::7 . 2222 . 50001 }')
    expect(rules.match(/hook (input|output|forward)/g)).toHaveLength(3)
    expect(lockdownRules(keepFor(console_, [], [22]), [], null)).toContain('elements = { ipv4, ipv6 }')
  })
})
