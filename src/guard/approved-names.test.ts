import { describe, expect, it } from 'vitest'
import { approvedNames } from './approved-names.ts'

type Rules = Parameters<typeof approvedNames>[0]['rules']
const names = (more: Partial<Rules> = {}, allowPrivate: string[] = []) =>
  approvedNames({ rules: { mode: 'enforce', allowedHosts: ['api.example.com', '*.cdn.example:8443', '192.0.2.7'], deniedHosts: ['*'], agents: {}, skills: {}, ...more }, allowPrivate })

describe('a name resolves', () => {
  it('when an entry has it, whatever its port, and not when none does', () => {
    expect(names().isApproved('api.example.com')).toMatchObject({ rule: 'egress.allowed-host', scope: 'host', reason: expect.stringContaining('api.example.com') })
    expect(names().isApproved('a.b.cdn.example')).toMatchObject({ scope: { below: 'cdn.example' } })
    for (const name of ['example.com', 'cdn.example', 'xapi.example.com', 'api.example.com.evil.example', 'xcdn.example', 'evil.example']) expect(names().isApproved(name), name).toBeNull()
  })

  it('when an entry of one agent or skill has it: a resolver is not told who asks', () => {
    const some = names({ agents: { main: { allowedHosts: ['only-main.example'], deniedHosts: [] } }, skills: { weather: { allowedHosts: ['weather.example'], deniedHosts: [] } } })
    expect(some.isApproved('only-main.example')).toMatchObject({ rule: 'egress.allowed-host' })
    expect(some.isApproved('weather.example')).not.toBeNull()
  })

  it('not when it is denied to everybody, in any mode', () => {
    expect(names({ deniedHosts: ['api.example.com'] }).isApproved('api.example.com')).toBeNull()
    expect(names({ mode: 'learn', deniedHosts: ['*.evil.example'] }).isApproved('x.evil.example')).toBeNull()
    expect(names({ deniedHosts: ['api.example.com:8080'] }).isApproved('api.example.com'), 'one port of it is denied').not.toBeNull()
  })

  it('whatever it is while hosts are being learned, and that is what the log says', () => {
    expect(names({ mode: 'learn' }).isApproved('anything.example')).toMatchObject({ rule: 'egress.learned', scope: 'any' })
    expect(names({ mode: 'report' }).isApproved('anything.example')).toMatchObject({ rule: 'egress.reported' })
  })

  it('to public addresses, and to private ones the operator names', () => {
    const some = names({}, ['10.8.0.0/16', 'db.example.com'])
    expect(some.mayLeadTo('api.example.com', '93.184.216.34')).toBe(true)
    expect(some.mayLeadTo('api.example.com', '10.8.1.1')).toBe(true)
    expect(some.mayLeadTo('api.example.com', '10.9.1.1')).toBe(false)
    expect(some.mayLeadTo('db.example.com', '10.9.1.1')).toBe(true)
    for (const metadata of ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200']) expect(some.mayLeadTo('db.example.com', metadata), metadata).toBe(false)
    expect(some.mayLeadTo('api.example.com', '168.63.129.16'), 'the address of a metadata service looks like anybody’s').toBe(false)
  })
})
