import { describe, expect, it } from 'vitest'
import { parseHostRule } from './host-policy.ts'
import { gatewayIdentity } from './identity.ts'
import { judgeLists, parseRules, type ListVerdict } from './rules.ts'
import { parseAuthority } from './target.ts'

function judged(authority: string, allowedHosts: string[], deniedHosts: string[] = ['*']): ListVerdict {
  const rules = parseRules({ mode: 'enforce', allowedHosts, deniedHosts, agents: {}, skills: {} })
  return judgeLists(parseAuthority(authority)!, 'later', rules.layersFor(gatewayIdentity))
}

const verdict = (...asked: Parameters<typeof judged>): string => judged(...asked).rule

describe('the lists of hosts', () => {
  it('allow what they name, on the ports of the web', () => {
    expect(verdict('api.example.com:443', ['api.example.com'])).toBe('egress.allowed-host')
    expect(verdict('api.example.com:80', ['api.example.com'])).toBe('egress.allowed-host')
    expect(verdict('API.EXAMPLE.COM.:443', ['api.example.com'])).toBe('egress.allowed-host')
    expect(verdict('api.example.com:22', ['api.example.com'])).toBe('egress.port')
  })

  it('deny what nobody named, whether or not the star is written', () => {
    expect(verdict('evil.example:443', ['api.example.com'], [])).toBe('egress.not-listed')
    expect(verdict('evil.example:443', [], ['*'])).toBe('egress.not-listed')
  })

  it('let a wildcard mean every name below and nothing else', () => {
    const allowed = ['*.example.com']
    expect(verdict('a.example.com:443', allowed)).toBe('egress.allowed-host')
    expect(verdict('a.b.example.com:443', allowed)).toBe('egress.allowed-host')
    expect(verdict('example.com:443', allowed)).toBe('egress.not-listed')
    expect(verdict('evilexample.com:443', allowed)).toBe('egress.not-listed')
    expect(verdict('example.com.evil.test:443', allowed)).toBe('egress.not-listed')
  })

  it('give a denial the last word, on every port', () => {
    expect(verdict('bad.example.com:443', ['*.example.com'], ['bad.example.com'])).toBe('egress.denied-host')
    expect(verdict('bad.example.com:9000', ['bad.example.com:9000'], ['*.example.com'])).toBe('egress.denied-host')
    expect(verdict('api.example.com:80', ['api.example.com'], ['api.example.com:80'])).toBe('egress.denied-host')
    expect(verdict('api.example.com:443', ['api.example.com'], ['api.example.com:80'])).toBe('egress.allowed-host')
  })

  it('open another port only where it is written out', () => {
    expect(verdict('db.example.com:5432', ['db.example.com:5432'])).toBe('egress.allowed-host')
    expect(verdict('db.example.com:443', ['db.example.com:5432'])).toBe('egress.port')
    expect(verdict('a.example.com:8443', ['*.example.com:8443'])).toBe('egress.allowed-host')
  })

  it('name an address only by itself', () => {
    expect(verdict('1.2.3.4:443', ['1.2.3.4'])).toBe('egress.allowed-host')
    expect(verdict('0x1020304:443', ['1.2.3.4'])).toBe('egress.allowed-host')
    expect(verdict('[2606:4700::1111]:443', ['2606:4700:0::1111'])).toBe('egress.allowed-host')
    expect(verdict('[2606:4700::1111]:853', ['[2606:4700::1111]:853'])).toBe('egress.allowed-host')
    expect(() => parseHostRule('*.2.3.4')).toThrow(/cannot read/)
  })

  it.each([
    '*',
    '',
    'https://x.example',
    'a b',
    'x.example/path',
    '*.*.example',
    'x.example:0',
    'x.example:99999',
    'u@x.example',
    '*.1.2.3.4',
  ])('refuse to guess what %j means', (text) => {
    expect(() => parseHostRule(text)).toThrow(/allowed_hosts: cannot read/)
  })

  it('say in a refusal which setting would change it', () => {
    expect(judged('x.example:443', [], []).reason).toBe('x.example:443 is not in allowed_hosts')
  })
})
