import { describe, expect, it } from 'vitest'
import { judgeAddresses, parsePrivateAllowance } from './addresses.ts'
import { parseAuthority } from './target.ts'

const target = parseAuthority('api.example.com:443')!
const none = parsePrivateAllowance([])

describe('the addresses of a name', () => {
  it('must all be public', () => {
    expect(judgeAddresses(target, ['93.184.216.34', '2606:4700::1111'], none).allow).toBe(true)
    const mixed = judgeAddresses(target, ['93.184.216.34', '169.254.169.254'], none)
    expect(mixed).toMatchObject({ allow: false, rule: 'egress.private-address' })
    expect(mixed.reason).toContain('169.254.169.254')
  })

  it('must exist, and be addresses', () => {
    expect(judgeAddresses(target, [], none).rule).toBe('egress.unresolved')
    expect(judgeAddresses(target, ['localhost'], none).allow).toBe(false)
  })

  it('may be private where the operator says so, by network or by name', () => {
    const lan = parsePrivateAllowance(['10.0.0.0/8', 'db.example.com', 'fd00::/8', '192.168.7.7'])
    expect(judgeAddresses(target, ['10.1.2.3'], lan).allow).toBe(true)
    expect(judgeAddresses(target, ['::ffff:10.1.2.3'], lan).allow).toBe(true)
    expect(judgeAddresses(target, ['fd00::1'], lan).allow).toBe(true)
    expect(judgeAddresses(target, ['192.168.7.7'], lan).allow).toBe(true)
    expect(judgeAddresses(target, ['192.168.7.8'], lan).allow).toBe(false)
    expect(judgeAddresses(parseAuthority('DB.example.com:443')!, ['172.16.0.9'], lan).allow).toBe(true)
  })

  it('are not opened by an entry nobody can read', () => {
    expect(() => parsePrivateAllowance(['10.0.0.0/99'])).toThrow(/allow_private: cannot read/)
  })
})
