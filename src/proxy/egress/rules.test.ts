import { describe, expect, it } from 'vitest'
import { parsePrivateAllowance } from './addresses.ts'
import type { VisibleRequest } from './host-policy.ts'
import { gatewayIdentity, identityOf, probeIdentity, type EgressIdentity } from './identity.ts'
import { judge, type Answer } from './judge.ts'
import { parseRules, type RuleOptions } from './rules.ts'
import { parseAuthority } from './target.ts'

const yes = { allow: true, rule: 'gate', reason: '' }
const none: RuleOptions = { mode: 'enforce', allowedHosts: [], deniedHosts: ['*'], agents: {}, skills: {} }

function answer(authority: string, who: EgressIdentity, rules: Partial<RuleOptions>, request: VisibleRequest | 'later' | 'never' = 'later', allowPrivate: string[] = []): Answer {
  return judge({ identity: who, target: parseAuthority(authority)!, request }, parseRules({ ...none, ...rules }), parsePrivateAllowance(allowPrivate), yes)
}
const rule = (...asked: Parameters<typeof answer>): string => answer(...asked).verdict.rule

const main = identityOf('main')!
const other = identityOf('other')!
const skill = identityOf('main', 'weather')!

describe('lists of one agent', () => {
  const rules: Partial<RuleOptions> = {
    allowedHosts: ['all.example'],
    agents: {
      main: { allowedHosts: ['main.example'], deniedHosts: ['all.example:80'] },
      other: { allowedHosts: ['other.example'], deniedHosts: ['*'] },
    },
    skills: { weather: { allowedHosts: ['weather.example'], deniedHosts: [] } },
  }

  it('add to what everybody has, and are nobody else’s', () => {
    expect(rule('main.example:443', main, rules)).toBe('egress.allowed-host')
    expect(rule('all.example:443', main, rules)).toBe('egress.allowed-host')
    expect(rule('main.example:443', gatewayIdentity, rules)).toBe('egress.not-listed')
    expect(rule('other.example:443', main, rules)).toBe('egress.not-listed')
  })

  it('take away what others may', () => {
    expect(answer('all.example:80', main, rules).verdict.reason).toBe('all.example:80 is denied by agents.main.denied_hosts entry all.example:80')
    expect(rule('all.example:80', gatewayIdentity, rules)).toBe('egress.allowed-host')
  })

  it('stand alone with a star', () => {
    expect(rule('other.example:443', other, rules)).toBe('egress.allowed-host')
    expect(rule('all.example:443', other, rules)).toBe('egress.not-listed')
  })

  it('hold for its skills, whose own come on top', () => {
    for (const host of ['weather', 'main', 'all']) expect(rule(`${host}.example:443`, skill, rules)).toBe('egress.allowed-host')
    expect(rule('weather.example:443', main, rules)).toBe('egress.not-listed')
    expect(rule('all.example:443', identityOf('other', 'weather')!, rules)).toBe('egress.not-listed')
    expect(rule('main.example:443', skill, { ...rules, skills: { weather: { allowedHosts: ['weather.example'], deniedHosts: ['*'] } } })).toBe('egress.not-listed')
  })

  it('allow nothing everybody is denied', () => {
    const denied = { ...rules, deniedHosts: ['*.example'] }
    expect(rule('main.example:443', main, denied)).toBe('egress.denied-host')
    expect(rule('weather.example:443', skill, denied)).toBe('egress.denied-host')
  })

  it('give the proof nothing at all', () => {
    expect(rule('all.example:443', probeIdentity, rules)).toBe('egress.not-listed')
  })
})

describe('methods and paths', () => {
  const rules = { allowedHosts: [{ host: 'api.example', methods: ['get', 'HEAD'], paths: ['/v1/', '/health'] }, { host: 'open.example' }] }
  const ask = (method: string, path: string): string => rule('api.example:80', gatewayIdentity, rules, { method, path })

  it('are judged where they can be seen', () => {
    expect(ask('GET', '/v1/x?y=/../z')).toBe('egress.allowed-host')
    expect(ask('GET', '/health')).toBe('egress.allowed-host')
    expect(ask('GET', '/health/live')).toBe('egress.allowed-host')
    expect(ask('POST', '/v1/x')).toBe('egress.request')
    expect(ask('GET', '/v2/x')).toBe('egress.request')
    expect(ask('GET', '/healthy')).toBe('egress.request')
  })

  it.each(['/v1/../admin', '/v1/..', '/v1/%2e%2e/admin', '/v1/%2E./admin', '/v1/x%2f..%2fadmin', '/v1/..;/admin', '/v1/\\..\\admin', '/v1//admin', '/v1/%5c../x', '/v1/%252e%252e/x'])(
    'are not walked out of by %s',
    (path) => {
      expect(ask('GET', path)).toBe('egress.odd-path')
      expect(rule('api.example:80', gatewayIdentity, { ...rules, mode: 'learn' }, { method: 'GET', path })).toBe('egress.odd-path')
    },
  )

  it('refuse a tunnel nobody can look into, and leave open for later one that will be', () => {
    expect(rule('api.example:443', gatewayIdentity, rules, 'never')).toBe('egress.unseen')
    expect(rule('api.example:443', gatewayIdentity, rules, 'later')).toBe('egress.allowed-host')
    expect(rule('open.example:443', gatewayIdentity, rules, 'never')).toBe('egress.allowed-host')
  })
})

describe('a mode that does not enforce', () => {
  it.each(['learn', 'report'] as const)('%s lets pass what only the lists refuse, and says what they said', (mode) => {
    const passed = answer('new.example:443', gatewayIdentity, { mode })
    expect(passed).toMatchObject({ verdict: { allow: true, rule: mode === 'learn' ? 'egress.learned' : 'egress.reported' }, wouldBe: 'egress.not-listed' })
    expect(rule('api.example:22', gatewayIdentity, { mode, allowedHosts: ['api.example'] })).toMatch(/learned|reported/)
  })

  it('never lets pass a denied host, a name of this network or the proof', () => {
    const rules: Partial<RuleOptions> = { mode: 'learn', deniedHosts: ['bad.example'], agents: { main: { allowedHosts: [], deniedHosts: ['worse.example'] } } }
    expect(rule('bad.example:443', gatewayIdentity, rules)).toBe('egress.denied-host')
    expect(rule('worse.example:443', main, rules)).toBe('egress.denied-host')
    expect(rule('metadata.google.internal:80', gatewayIdentity, rules)).toBe('egress.private-name')
    expect(rule('new.example:443', probeIdentity, rules)).toBe('egress.not-listed')
  })
})

describe('a name that means a place on this side', () => {
  it.each([
    'localhost', 'localhost.', 'a.localhost', 'metadata.google.internal', 'metadata', 'intranet', 'printer.local', 'nas.home.arpa', 'instance-data.ec2.internal',
    '127.0.0.1.nip.io', '10-0-0-1.sslip.io', 'localtest.me', 'app.lvh.me', '169.254.169.254.example.com', 'ip-10-1-2-3.example.com', '192-168-1-1.api.example.com',
  ])('is refused although it is listed: %s', (host) => {
    expect(rule(`${host}:443`, gatewayIdentity, { allowedHosts: [host.replace(/\.$/, ''), '*.example.com', '*.io'] })).toBe('egress.private-name')
  })

  it('may be allowed as what it is', () => {
    expect(rule('db.internal:443', gatewayIdentity, { allowedHosts: ['db.internal'] }, 'later', ['db.internal'])).toBe('egress.allowed-host')
  })

  it.each(['ec2-52-1-2-3.compute-1.amazonaws.com', 'v1-2-3.example.com', 'a.b', '1-2-3-4-5.example.com', 'local.example.com', 'internal.example'])('is not suspected in %s', (host) => {
    expect(rule(`${host}:443`, gatewayIdentity, { allowedHosts: [host] })).toBe('egress.allowed-host')
  })
})
