import type { Answer, DecodedPacket } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../base/index.ts'
import { screen, type ScreenRules } from './screen.ts'
import { readServiceBinding } from './svcb.ts'
import { address } from './stage.fixture.ts'

const rules: ScreenRules = {
  deniedBy: (name) => (name === 'denied.example' ? 'denied.example' : null),
  mayLeadTo: (name, at) => isPublicAddress(at) || (name === 'lan.example' && at.startsWith('10.')),
}
const packet = (answers: Answer[], more: object = {}): DecodedPacket => ({ rcode: 'NOERROR', flag_ad: false, answers, authorities: [], ...more }) as never
const alias = (name: string, data: string, ttl = 60): Answer => ({ type: 'CNAME', name, class: 'IN', ttl, data })
const asked = { name: 'good.example', type: 'A' }
const data = (found: ReturnType<typeof screen>): unknown[] => found!.records.map((record) => (record as { data: unknown }).data)

describe('an answer', () => {
  it('keeps what was asked for and drops everything else in the packet', () => {
    const found = screen(packet([address('good.example', '93.184.216.34'), address('other.example', '93.184.216.35'), address('good.example', '2606:2800::1')]), asked, rules)
    expect(data(found)).toEqual(['93.184.216.34'])
    expect(found).toMatchObject({ rcode: 'NOERROR', ttlSeconds: 60, withheld: null })
  })

  it('that leads to anything but the public network is withheld whole', () => {
    for (const bad of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '192.0.2.1', '255.255.255.255']) {
      const found = screen(packet([address('good.example', '93.184.216.34'), address('good.example', bad)]), asked, rules)
      expect(found, bad).toMatchObject({ records: [], withheld: { rule: 'dns.private-answer' } })
      expect(found!.withheld!.reason).toContain(bad)
    }
    for (const bad of ['::1', '::ffff:127.0.0.1', 'fe80::1', 'fd00::1', '64:ff9b::7f00:1', '2002:7f00:1::', '::7f00:1', 'ff02::1']) {
      expect(screen(packet([address('good.example', bad)]), { ...asked, type: 'AAAA' }, rules), bad).toMatchObject({ withheld: { rule: 'dns.private-answer' } })
    }
  })

  it('may be private where the operator says so', () => {
    expect(data(screen(packet([address('lan.example', '10.1.2.3')]), { name: 'lan.example', type: 'A' }, rules))).toEqual(['10.1.2.3'])
  })

  it('is followed over aliases, and its records stand in their order', () => {
    const found = screen(packet([address('c.example', '93.184.216.34', 20), alias('b.example', 'c.example', 10), alias('good.example', 'B.example', 30)]), asked, rules)
    expect(data(found)).toEqual(['b.example', 'c.example', '93.184.216.34'])
    expect(found!.ttlSeconds).toBe(10)
  })

  it('whose aliases turn in a circle or never end makes no sense', () => {
    expect(screen(packet([alias('good.example', 'a.example'), alias('a.example', 'good.example')]), asked, rules)).toBeNull()
    expect(screen(packet([alias('good.example', 'a.example'), alias('a.example', 'a.example')]), asked, rules)).toBeNull()
    const long = Array.from({ length: 12 }, (_, i) => alias(i === 0 ? 'good.example' : `n${i}.example`, `n${i + 1}.example`))
    expect(screen(packet(long), asked, rules)).toBeNull()
  })

  it('is withheld when an alias is denied, or means this machine', () => {
    expect(screen(packet([alias('good.example', 'denied.example'), address('denied.example', '93.184.216.34')]), asked, rules)).toMatchObject({ records: [], withheld: { rule: 'dns.denied-alias' } })
    expect(screen(packet([alias('good.example', 'x.localhost')]), asked, rules)).toMatchObject({ withheld: { rule: 'dns.local-alias' } })
  })

  it('that is a no is kept as long as the zone says, five minutes at most', () => {
    const soa = (ttl: number, minimum: number): Answer => ({ type: 'SOA', name: 'example', ttl, class: 'IN', data: { mname: 'a', rname: 'b', serial: 1, refresh: 1, retry: 1, expire: 1, minimum } })
    expect(screen(packet([], { rcode: 'NXDOMAIN', authorities: [soa(100, 50)] }), asked, rules)).toMatchObject({ rcode: 'NXDOMAIN', records: [], ttlSeconds: 50 })
    expect(screen(packet([], { authorities: [soa(90_000, 90_000)] }), asked, rules)).toMatchObject({ rcode: 'NOERROR', ttlSeconds: 300 })
    expect(screen(packet([]), asked, rules)).toMatchObject({ ttlSeconds: 30 })
  })

  it('that the resolver failed to give is no answer', () => {
    expect(screen(packet([], { rcode: 'SERVFAIL' }), asked, rules)).toBeNull()
    expect(screen(packet([], { rcode: 'REFUSED' }), asked, rules)).toBeNull()
  })

  it('says that it was verified only when the resolver said so', () => {
    expect(screen(packet([address('good.example', '93.184.216.34')], { flag_ad: true }), asked, rules)!.authentic).toBe(true)
    expect(screen(packet([address('good.example', '10.0.0.1')], { flag_ad: true }), asked, rules)!.authentic, 'what is withheld is not what was verified').toBe(false)
  })

  it('does not bring private addresses along as hints of a service', () => {
    const https = (hints: number[]): Answer => ({ type: 'UNKNOWN_65', name: 'good.example', class: 'IN', ttl: 60, data: Buffer.from([0, 1, 0, 0, 4, 0, hints.length, ...hints]) }) as never
    expect(screen(packet([https([93, 184, 216, 34])]), { ...asked, type: 'HTTPS' }, rules)!.records).toHaveLength(1)
    expect(screen(packet([https([93, 184, 216, 34, 127, 0, 0, 1])]), { ...asked, type: 'HTTPS' }, rules)).toMatchObject({ records: [], withheld: { rule: 'dns.private-answer' } })
    expect(screen(packet([https([1])]), { ...asked, type: 'HTTPS' }, rules)).toMatchObject({ withheld: { rule: 'dns.unreadable-record' } })
  })
})

describe('a service binding', () => {
  // RFC 9460, appendix D.2, figures 4, 7 and 8.
  it('is read as the standard prints it', () => {
    expect(readServiceBinding(Buffer.from('0010 03666f6f076578616d706c6503636f6d00 0003 0002 0035'.replaceAll(' ', ''), 'hex'))).toEqual({ target: 'foo.example.com', addresses: [] })
    const hints = `0001 03666f6f076578616d706c6503636f6d00 0006 0020 ${'20010db8000000000000000000000001'} ${'20010db8000000000000000000530001'}`
    expect(readServiceBinding(Buffer.from(hints.replaceAll(' ', ''), 'hex'))!.addresses).toEqual(['2001:db8:0:0:0:0:0:1', '2001:db8:0:0:0:0:53:1'])
  })

  it('is refused with keys out of order, cut short or without a target', () => {
    expect(readServiceBinding(Buffer.from([0, 1, 0, 0, 4, 0, 4, 1, 2, 3, 4, 0, 3, 0, 2, 0, 53]))).toBeNull()
    expect(readServiceBinding(Buffer.from([0, 1, 0, 0, 4, 0, 8, 1, 2, 3, 4]))).toBeNull()
    expect(readServiceBinding(Buffer.from([0, 1]))).toBeNull()
    expect(readServiceBinding(Buffer.from([0, 1, 64]))).toBeNull()
  })
})
