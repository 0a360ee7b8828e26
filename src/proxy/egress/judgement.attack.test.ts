import { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Handed, NewEntry } from '../../auditlog/index.ts'
import { createAccounts } from './accounts.ts'
import { judgeAddresses, parsePrivateAllowance } from './addresses.ts'
import { createCheck } from './check.ts'
import { judgeServer } from './server-name.ts'
import { egressSettings } from './settings.ts'
import { coversRequest, parseHostRule } from './host-policy.ts'
import { closeAll, closers, connectTo, echo, open } from './origins.fixture.ts'
import { closingEntry, exchange, headEnds, listenLocal, logInto, stageRules } from './stage.fixture.ts'
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

describe('every spelling of a host', () => {
  const hosts = `api.example.com API.EXAMPLE.COM api.example.com. api%2eexample.com api\u3002example.com api\uff0eexample.com a\u00adpi.example.com
    a\u200bpi.example.com \uff41pi.example.com xn--pi-eda.example.com evil.test x.wild.example.com wild.example.com .wild.example.com a..wild.example.com
    0x7f.1 0177.0.0.1 127.1 2130706433 [::1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:1::] [fe80::1%25eth0]
    [2606:4700::1111] 1.1.1.1 1.1.1.1. 01.1.1.1 1.1.257 foo.1 1.2.3.4.5 168.63.129.16 100.100.100.200 localhost a.localhost metadata.google.internal 127.0.0.1.nip.io`
    .trim()
    .split(/\s+/)

  it('is judged the same by `egress check` and on the wire, and leads to no private place', async () => {
    const rules = { ...stageRules, allowedHosts: ['api.example.com', '*.wild.example.com', '1.1.1.1', '2606:4700::1111', '127.0.0.1', '::1', 'metadata.google.internal', '127.0.0.1.nip.io', '168.63.129.16'] }
    const stage = await open({ origin: await echo(), rules })
    const check = createCheck({ rules, allowPrivate: [], allowAllPrivate: false, resolve: async () => ['93.184.216.34'] })
    for (const host of hosts) {
      const { seen, socket } = await exchange(stage.port, Buffer.from(connectTo(`${host}:443`)).toString('latin1'), headEnds)
      socket.destroy()
      const { verdict } = await check(JSON.stringify({ method: 'CONNECT', url: `${host}:443` }))
      expect([host, / 200 /.test(seen) ? 'allow' : 'deny']).toEqual([host, verdict])
    }
    expect(stage.dialled.filter((to) => !/^(93\.184\.216\.34|1\.1\.1\.1|2606:4700::1111):443$/.test(to))).toEqual([])
  })

  it.each(['api%2eexample.com', 'api.example.com..', '.api.example.com', 'api.example.com:443', '[api.example.com]', 'api.example.com/', 'http://api.example.com', 'a'.repeat(300)])('is no server name: %s', (name) => {
    expect(judgeServer({ name, ech: false }, parseAuthority('api.example.com:443')!, false)).toMatchObject({ rule: 'egress.sni-mismatch' })
  })
})

it('an agent has one section, however it is spelled: one of two would silently not hold', () => {
  const own = { allowed_hosts: [] }
  expect(() => egressSettings.parse({ agents: { Main: own, main: own } })).toThrow(/another spelling/)
  expect(() => egressSettings.parse({ skills: { Weather: own, weather: own } })).toThrow(/another spelling/)
  expect(egressSettings.parse({ agents: { main: own, second: own } }).agents).toHaveProperty('second')
})

describe('a passage that is cut', () => {
  const never = (): Promise<never> => new Promise(() => undefined)
  it.each(['while its name is looked up', 'while it is dialed', 'while its decision goes to the kernel', 'while its decision goes to the disk', 'before its first bytes'] as const)('%s stays cut, and leaves nothing open', async (when) => {
    const heard: string[] = []
    const origin = await listenLocal((socket) => socket.on('data', (chunk) => heard.push(String(chunk))))
    closers.push(origin.close)
    const entries: NewEntry[] = []
    const dialing: Socket[] = []
    let answer: (addresses: string[]) => void = () => undefined
    let taken: (handed: Handed) => void = () => undefined
    const stage = await open({
      origin: origin.port,
      ports: {
        ...(when === 'while its name is looked up' && { resolve: () => new Promise<string[]>((resolve) => (answer = resolve)) }),
        ...(when === 'while it is dialed' && { connect: () => (dialing.push(new Socket()), dialing[0]!) }),
        ...(when === 'while its decision goes to the disk' && { audit: { ...logInto(entries), writeThisTurn: async () => ({ isDurable: false, durable: never }) } }),
        ...(when === 'while its decision goes to the kernel' && { audit: { ...logInto(entries), note: (entry) => void stage.entries.push(entry), writeThisTurn: () => new Promise<Handed>((resolve) => (taken = resolve)) } }),
      },
    })
    const said = exchange(stage.port, `${connectTo('odd.example.com:9000')}secret`, when === 'before its first bytes' ? headEnds : undefined)
    await expect.poll(() => stage.proxy.active().length, { timeout: 10_000 }).toBe(1)
    if (when === 'while it is dialed') await expect.poll(() => dialing.length, { timeout: 10_000 }).toBe(1)
    expect(stage.proxy.cut(() => true, 'the agent was disabled')).toBe(1)
    answer(['93.184.216.34'])
    taken({ isDurable: true, durable: async () => undefined })
    const { socket } = await said
    socket.destroy()
    if (when !== 'while its decision goes to the disk') {
      expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'egress.cut' })
      await expect.poll(() => stage.proxy.active(), { timeout: 10_000 }).toEqual([])
    }
    expect(dialing.filter(({ destroyed }) => !destroyed)).toEqual([])
    if (when === 'while its decision goes to the kernel') expect(stage.dialled).toEqual([])
    if (when !== 'before its first bytes') expect(heard).toEqual([])
  })
})
