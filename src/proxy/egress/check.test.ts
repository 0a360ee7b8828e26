import { describe, expect, it } from 'vitest'
import { createCheck, type CheckOptions } from './check.ts'

const options: CheckOptions = {
  rules: { mode: 'enforce', allowedHosts: ['api.example.com', '*.wild.example.com', 'bücher.example.com', '93.184.216.34', 'odd.example.com:8443', { host: 'read.example.com', methods: ['GET'], paths: ['/v1/'] }, 'localhost', '127.0.0.1'], deniedHosts: ['*'], agents: { main: { allowedHosts: ['own.example.com'], deniedHosts: [] } }, skills: {} },
  allowPrivate: [],
  allowAllPrivate: false,
}
const check = createCheck(options)
const ask = async (line: object | string): Promise<string> => {
  const { verdict, rule } = await check(typeof line === 'string' ? line : JSON.stringify(line))
  return `${verdict} ${rule}`
}
const url = async (text: string, more: object = {}): Promise<string> => await ask({ id: 1, method: 'GET', url: text, ...more })

describe('the verdict about a URL', () => {
  it.each([
    'https://api.example.com',
    'https://api.example.com/',
    'HTTPS://API.Example.COM:443/v1/x?y=1&z=%20#top',
    'https://api.example.com./x',
    'https://api.example.com:/x',
    'https://api.example.com?q=1',
    'http://api.example.com:80/@user/a@b?u=http://127.0.0.1/',
    'wss://a.b.wild.example.com/socket',
    'https://b\u00fccher.example.com/stra\u00dfe',
    'https://B\u00dcCHER.example.com/',
    'https://xn--bcher-kva.example.com/',
    'https://93.184.216.34/',
    'https://odd.example.com:8443/x',
    'http://read.example.com/v1/x',
  ])('is yes for an ordinary one that is listed: %s', async (text) => {
    expect(await url(text)).toBe('allow egress.allowed-host')
  })

  it.each([
    ['https://evil.example.com/', 'egress.not-listed'],
    ['https://example.com/', 'egress.not-listed'],
    ['https://api.example.com.evil.test/', 'egress.not-listed'],
    ['https://api.example.com:22/', 'egress.port'],
    ['http://api.example.com:443/', 'egress.bad-target'],
    ['http://read.example.com/v2/x', 'egress.request'],
    ['https://read.example.com/v1/x', 'egress.unseen'],
    ['http://127.0.0.1/', 'egress.private-address'],
    ['http://2130706433/', 'egress.private-address'],
    ['http://0x7f.1/', 'egress.private-address'],
    ['http://0177.0.0.1/', 'egress.private-address'],
    ['http://127.1/', 'egress.private-address'],
    ['http://localhost/', 'egress.private-name'],
    ['https://u:p@api.example.com/', 'egress.bad-target'],
    ['https://api.example.com@evil.test/', 'egress.bad-target'],
    ['https://evil.test#@api.example.com/', 'egress.not-listed'],
    ['https://evil.test\\@api.example.com/', 'egress.bad-target'],
    ['https://api.example.com\\.evil.test/', 'egress.bad-target'],
    ['https://api.example.com%2eevil.test/', 'egress.bad-target'],
    ['https://api.exa\tmple.com/', 'egress.bad-target'],
    ['https://api.example.com\n/', 'egress.bad-target'],
    [' https://api.example.com/', 'egress.bad-target'],
    ['https://\u24d0pi.example.com/', 'egress.bad-target'],
    ['https://api\u3002example\u3002com/', 'egress.bad-target'],
    ['https://ap\u00adi.example.com/', 'egress.bad-target'],
    ['https://\uff19\uff13.184.216.34/', 'egress.bad-target'],
    ['https://api.example.com:0443/', 'egress.bad-target'],
    ['https://api.example.com:99999/', 'egress.bad-target'],
    ['https://[::1%25lo]/', 'egress.bad-target'],
    ['file:///etc/passwd', 'egress.bad-target'],
    ['gopher://api.example.com/', 'egress.bad-target'],
    ['//api.example.com/', 'egress.bad-target'],
    ['https:api.example.com', 'egress.bad-target'],
    ['https:///api.example.com/', 'egress.bad-target'],
    ['', 'egress.bad-target'],
  ])('is no for %j', async (text, rule) => {
    expect(await url(text)).toBe(`deny ${rule}`)
  })

  it('follows the address the name is said to have', async () => {
    expect(await url('https://api.example.com/', { ip: '93.184.216.34' })).toBe('allow egress.allowed-host')
    for (const ip of ['10.0.0.1', ['93.184.216.34', '169.254.169.254'], '::ffff:127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::1', '2002:a00:1::', '2001:0:1::1', '100.100.100.200', 'fd00:ec2::254', '198.18.0.1', '192.0.2.1', '168.63.129.16', '3fff::1']) {
      expect(await url('https://api.example.com/', { ip }), String(ip)).toBe('deny egress.private-address')
    }
    expect(await url('https://93.184.216.34/', { ip: '10.0.0.1' })).toBe('deny egress.private-address')
    expect(await url('https://api.example.com/', { ip: 'localhost' })).toBe('deny egress.bad-line')
    expect(await url('https://api.example.com/', { ip: [] })).toBe('deny egress.unresolved')
  })

  it('follows the server name', async () => {
    expect(await url('https://api.example.com/', { sni: 'API.example.com' })).toBe('allow egress.allowed-host')
    expect(await url('https://api.example.com/', { sni: 'evil.test' })).toBe('deny egress.sni-mismatch')
    for (const sni of [null, '']) expect(await url('https://api.example.com/', { sni })).toBe('deny egress.no-sni')
    expect(await url('https://93.184.216.34/', { sni: null })).toBe('allow egress.allowed-host')
    expect(await url('https://api.example.com/', { sni: 7 })).toBe('deny egress.bad-client-hello')
  })

  it('is about a tunnel for CONNECT', async () => {
    expect(await ask({ id: 1, method: 'CONNECT', url: 'api.example.com:443', sni: 'api.example.com' })).toBe('allow egress.allowed-host')
    expect(await ask({ id: 1, method: 'CONNECT', url: 'api.example.com:22' })).toBe('deny egress.port')
    expect(await ask({ id: 1, method: 'CONNECT', url: 'u@api.example.com:443' })).toBe('deny egress.bad-target')
  })

  it('is by the credential that is named', async () => {
    expect(await url('https://own.example.com/', { who: 'agent.main' })).toBe('allow egress.allowed-host')
    expect(await url('https://own.example.com/')).toBe('deny egress.not-listed')
    expect(await url('https://api.example.com/', { who: 'root' })).toBe('deny egress.bad-credential')
  })
})

describe('every line', () => {
  it.each(['', '{', 'null', '[]', '7', '"x"', '{}', '{"id":{}}', '{"url":7}', '{"url":["https://api.example.com"]}', '{"url":"https://api.example.com/","method":5}', '{"url":"https://api.example.com/","method":"GET\\nX"}', '\u0000', '{"__proto__":{"url":"https://api.example.com/"}}'])(
    'that makes no sense is answered with no: %j',
    async (line) => {
      const answer = await check(line)
      expect(answer).toMatchObject({ verdict: 'deny', rule: expect.stringMatching(/^egress\.bad-/), reason: expect.any(String) })
    },
  )

  it('keeps its id, whatever that is', async () => {
    for (const id of ['a', 7, null, { x: 1 }, [1]]) expect((await check(JSON.stringify({ id, url: 'https://evil.test/' }))).id).toEqual(id)
  })
})

it('a name is looked up only when somebody says how', async () => {
  const looking = createCheck({ ...options, resolve: async () => ['127.0.0.1'] })
  expect((await looking(JSON.stringify({ id: 1, url: 'https://api.example.com/' }))).rule).toBe('egress.private-address')
  const failing = createCheck({ ...options, resolve: () => Promise.reject(new Error('gone')) })
  expect((await failing(JSON.stringify({ id: 1, url: 'https://api.example.com/' }))).rule).toBe('egress.unresolved')
})

it('private places are allowed as a whole only when that is said, and denied hosts stay denied', async () => {
  const inside = createCheck({ ...options, rules: { ...options.rules, deniedHosts: ['bad.example.com'] }, allowAllPrivate: true })
  expect((await inside('{"url":"http://127.0.0.1/"}')).verdict).toBe('allow')
  expect((await inside('{"url":"http://localhost/"}')).verdict).toBe('allow')
  expect((await inside('{"url":"http://169.254.169.254/"}')).rule).toBe('egress.not-listed')
  expect((await inside('{"url":"http://bad.example.com/"}')).rule).toBe('egress.denied-host')
})
