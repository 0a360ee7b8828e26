import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { isOurToken } from '../../identity/index.ts'
import { createEgressCredentials, readBasic } from './credentials.ts'
import { gatewayIdentity, identityNamed, identityOf, probeIdentity } from './identity.ts'

const credentials = createEgressCredentials(new Secret('key of the test'))
const split = (text: string): [string, string] => text.split(':') as [string, string]

describe('an identity', () => {
  it('has one name, and every name stands for one identity', () => {
    for (const who of [gatewayIdentity, probeIdentity, identityOf('Main')!, identityOf('main', 'Web.Search')!]) {
      expect(identityNamed(who.name)).toEqual(who)
    }
    expect(identityOf('main', 'web.search')).toEqual({ name: 'skill.main.web.search', kind: 'skill', agentId: 'main', skill: 'web.search' })
  })

  it.each(['', 'agent', 'agent.', 'agent.a.b', 'agent.A', 'skill.main', 'skill.main.', 'skill..x', 'root', 'agent.-x', 'agent.a/b', 'skill.main..x'])('is not found under %j', (name) => {
    expect(identityNamed(name)).toBeNull()
  })

  it('never has the name of another because its agent is called like a skill', () => {
    expect(identityOf('gateway')?.name).toBe('agent.gateway')
    expect(identityOf('a.b')).toBeNull()
  })
})

describe('a credential', () => {
  it('is known again, to the guard that made it and to no other', () => {
    const who = identityOf('main', 'weather')!
    const [name, token] = split(credentials.userInfo(who).reveal())
    expect(credentials.authenticate(name, token)).toEqual(who)
    expect(isOurToken(token)).toBe(true)
    expect(createEgressCredentials(new Secret('another key')).authenticate(name, token)).toBeNull()
  })

  it('opens for nobody else, whole or in part', () => {
    const [, token] = split(credentials.userInfo(identityOf('main')!).reveal())
    for (const name of ['agent.second', 'gateway', 'skill.main.x', 'agent.MAIN', 'nobody']) expect(credentials.authenticate(name, token)).toBeNull()
    for (const wrong of ['', token.slice(0, -1), `${token}x`, token.toLowerCase()]) expect(credentials.authenticate('agent.main', wrong)).toBeNull()
  })

  it('is an address a client can use, and prints as nothing', () => {
    const url = credentials.proxyUrl(identityOf('main')!, { host: '127.0.0.1', port: 18702 })
    expect(new URL(url.reveal())).toMatchObject({ username: 'agent.main', host: '127.0.0.1:18702' })
    expect(`${url} ${JSON.stringify(url)}`).not.toContain('agent.main')
  })
})

describe('a Proxy-Authorization field', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

  it('is read in the one form there is', () => {
    expect(readBasic(basic('agent.main:a:b'))).toEqual({ name: 'agent.main', token: 'a:b' })
    expect(readBasic('bAsIc YTpi')).toEqual({ name: 'a', token: 'b' })
  })

  it.each(['Basic', 'Basic ', 'Bearer YTpi', 'Basic YTpi, Basic YTpi', 'Basic !!!!', basic('nocolon'), basic(':x'), `Basic ${'A'.repeat(1000)}`])('is refused as %j', (header) => {
    expect(readBasic(header)).toBeNull()
  })
})
