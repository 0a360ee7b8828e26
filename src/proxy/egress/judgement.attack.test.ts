import { afterEach, describe, expect, it } from 'vitest'
import { createAccounts } from './accounts.ts'
import { judgeAddresses, parsePrivateAllowance } from './addresses.ts'
import { createCheck } from './check.ts'
import { coversRequest, parseHostRule } from './host-policy.ts'
import { closeAll, connectTo, echo, open } from './origins.fixture.ts'
import { exchange, headEnds, stageRules } from './stage.fixture.ts'
import { parseAuthority } from './target.ts'

afterEach(closeAll)

describe('a denied address', () => {
  it.each(['learn', 'report', 'enforce'] as const)('is denied to the names that lead there, in mode %s', async (mode) => {
    for (const [denied, leads] of [['198.41.0.4', '198.41.0.4'], ['198.41.0.4', '::ffff:198.41.0.4'], ['2606:4700::1111', '2606:4700:0:0::1111']] as const) {
      const stage = await open({ origin: await echo(), rules: { mode, deniedHosts: ['*', denied] }, answers: [['93.184.216.34', leads]] })
      expect((await exchange(stage.port, connectTo('api.example.com:443'))).seen).toMatch(/x-hardshell-rule: egress\.(denied-host|private-address)/)
      expect(stage.dialled).toEqual([])
      const check = createCheck({ rules: { ...stageRules, mode, deniedHosts: ['*', denied] }, allowPrivate: [], allowAllPrivate: false })
      expect(await check(JSON.stringify({ url: 'https://api.example.com/', ip: leads }))).toMatchObject({ verdict: 'deny' })
    }
  })

  it('with a port is denied on that port', async () => {
    const stage = await open({ origin: await echo(), rules: { deniedHosts: ['198.41.0.4:9000'] }, answers: [['198.41.0.4'], ['198.41.0.4']] })
    expect((await exchange(stage.port, connectTo('odd.example.com:9000'))).seen).toContain('egress.denied-host')
    expect((await exchange(stage.port, connectTo('api.example.com:443'), headEnds)).seen).toContain(' 200 ')
  })
})

describe('a name in allow_private', () => {
  const lan = parsePrivateAllowance(['nas.example.com'])
  const nas = parseAuthority('nas.example.com:443')!
  it.each(['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16', '0.0.0.0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::'])(
    'never leads to %s, whoever answers for it',
    (address) => expect(judgeAddresses(nas, ['10.0.0.1', address], lan)).toMatchObject({ allow: false, rule: 'egress.private-address' }),
  )

  it('leads to networks of its own, and further where the address itself is listed', () => {
    for (const address of ['10.0.0.1', '127.0.0.1', '::1', 'fd12::1', '100.64.0.1', '::ffff:192.168.0.1']) expect(judgeAddresses(nas, [address], lan).allow).toBe(true)
    expect(judgeAddresses(nas, ['169.254.1.1'], parsePrivateAllowance(['nas.example.com', '169.254.1.1'])).allow).toBe(true)
  })
})

it.each(['/v1/..#x', '/v1/..%3b/x', '/v1/..%20/x', '/v1/..&/x', '/v1/..%09', '/v1/.%23', '/v1/..:'])('a path whose dots an origin may read as a step up is odd: %s', (path) => {
  expect(coversRequest(parseHostRule({ host: 'api.example.com', paths: ['/v1/'] }), { method: 'GET', path })).toBe('odd-path')
})

it.each(['/v1/.well-known', '/v1/..a', '/v1/a..b', '/v1/...', '/v1/.gitignore?x=/../'])('an ordinary path with dots is none: %s', (path) => {
  expect(coversRequest(parseHostRule({ host: 'api.example.com', paths: ['/v1/'] }), { method: 'GET', path })).toBe('yes')
})

describe('accounts', () => {
  const passage = { identity: { name: 'agent.a', agentId: 'a' }, host: 'x.example', port: 443, target: 'x.example:443', visit: { id: 'v' }, verdict: { allow: true }, account: null }
  const ports = (atMs: { now: number }, told: unknown[]): Parameters<typeof createAccounts>[1] => ({
    clock: { now: () => atMs.now, monotonicMs: () => atMs.now } as never,
    audit: { note: (entry: unknown) => void told.push(entry) } as never,
  })

  it('tell of an upload however long the guard ran before it began', () => {
    const told: unknown[] = []
    const accounts = createAccounts({ alertNew: false, alertUploadBytes: 1000 }, ports({ now: 9 * 3_600_000 }, told))
    const account = accounts.open(passage as never)
    for (let i = 0; i < 11; i++) accounts.add(account, 100, 0)
    expect(told).toMatchObject([{ rule: 'egress.large-upload' }])
  })

  it('do not make an alert of what was sent over days', () => {
    const [told, at] = [[] as unknown[], { now: 9 * 3_600_000 }]
    const accounts = createAccounts({ alertNew: false, alertUploadBytes: 1000 }, ports(at, told))
    const account = accounts.open(passage as never)
    for (let i = 0; i < 30; i++, at.now += 3_600_001) accounts.add(account, 900, 0)
    expect(told).toEqual([])
  })

  it('keep the bound on hosts nobody was let to over a restart', () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({ who: 'agent.a', agentId: 'a', host: `h${i}.example`, port: 443, allowed: 0, refused: 1, bytesUp: 0, bytesDown: 0, firstAt: 1, lastAt: 1 }))
    const accounts = createAccounts({ alertNew: false, alertUploadBytes: Infinity }, { ...ports({ now: 1 }, []), store: { load: () => rows, save: () => undefined } })
    for (let i = 0; i < 50; i++) accounts.close({ ...passage, host: `n${i}.example`, verdict: { allow: false } } as never)
    expect(accounts.list()).toHaveLength(501)
    accounts.stop()
  })
})

describe('egress check', () => {
  const check = createCheck({ rules: { ...stageRules, allowedHosts: ['api.example.com', { host: 'some.example.com', methods: ['GET'] }] }, allowPrivate: [], allowAllPrivate: false })
  it('answers with something that can be written down, whatever the id is', async () => {
    const answer = await check(`{"id":${'['.repeat(200_000)}${']'.repeat(200_000)},"url":"https://api.example.com/"}`)
    expect(JSON.parse(JSON.stringify(answer))).toMatchObject({ id: null, verdict: 'deny', rule: 'egress.bad-line' })
  })

  it.each([['ip', '[["93.184.216.34"]]'], ['ip', '{"0":"93.184.216.34"}'], ['ip', '["93.184.216.34",null]'], ['ip', '""'], ['ip', '"0x7f.1"'], ['ip', '"93.184.216.34 "'], ['ip', 'true'], ['ip', '[]'], ['sni', '["api.example.com"]'], ['sni', '"\\ud800"'], ['who', '"__proto__"'], ['who', 'null'], ['method', '"GET\\ud800"'], ['method', '{}']])(
    'denies what is odd: %s %s',
    async (name, value) => expect(await check(`{"id":1,"url":"https://api.example.com/","${name}":${value}}`)).toMatchObject({ id: 1, verdict: 'deny' }),
  )

  it('and the proxy say the same of a tunnel nobody can look into', async () => {
    const stage = await open({ origin: await echo(), rules: { allowedHosts: ['api.example.com', { host: 'some.example.com', methods: ['GET'] }] } })
    expect((await exchange(stage.port, connectTo('some.example.com:443'))).seen).toContain('egress.unseen')
    expect(await check('{"method":"CONNECT","url":"some.example.com:443"}')).toMatchObject({ verdict: 'deny', rule: 'egress.unseen' })
  })
})
