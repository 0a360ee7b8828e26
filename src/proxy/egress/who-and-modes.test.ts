import { afterEach, describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { createEgressCredentials } from './credentials.ts'
import { gatewayIdentity, identityOf, type EgressIdentity } from './identity.ts'
import { closeAll, closers, connectTo, echo, established, httpOrigin, open, startTls, tlsOrigin } from './origins.fixture.ts'
import { closingEntry, exchange, headEnds, listenLocal, openStage, stageRules, type Stage } from './stage.fixture.ts'

afterEach(closeAll)

describe('an identity', () => {
  const credentials = createEgressCredentials(new Secret('key of the test'))
  const basic = (who: EgressIdentity): string => `Proxy-Authorization: Basic ${Buffer.from(credentials.userInfo(who).reveal()).toString('base64')}\r\n`
  const as = (who: EgressIdentity, authority: string): string => connectTo(authority).replace('\r\n\r\n', `\r\n${basic(who)}\r\n`)
  const main = identityOf('main')!
  const second = identityOf('second')!
  const staging = {
    rules: { agents: { main: { allowedHosts: [{ host: 'own.example.com:9000', protocol: 'tcp' as const }], deniedHosts: [] } } },
    ports: { authenticate: (name: string, token: string) => credentials.authenticate(name, token) },
  }

  it('has its own list, and is named in the log with its agent', async () => {
    const stage = await open({ ...staging, origin: await echo() })
    const { seen, socket } = await exchange(stage.port, as(main, 'own.example.com:9000'), headEnds)
    expect(seen).toMatch(established)
    expect(stage.proxy.active()).toMatchObject([{ who: 'agent.main', agentId: 'main', host: 'own.example.com' }])
    socket.destroy()
    expect(await closingEntry(stage.entries)).toMatchObject({ user: 'agent.main', agent_id: 'main', decision: 'allow' })
    for (const asked of [as(second, 'own.example.com:9000'), connectTo('own.example.com:9000')]) {
      expect((await exchange(stage.port, asked)).seen).toContain('x-hardshell-rule: egress.not-listed')
    }
  })

  it('that is wrong or unknown is refused, logged and not taken for the gateway', async () => {
    const stage = await open(staging)
    for (const header of ['Basic YTpi', 'Bearer x', basic(main).replace(/.{6}\r\n$/, 'AAAA==\r\n').slice(21).trim()]) {
      const { seen } = await exchange(stage.port, connectTo('api.example.com:443').replace('\r\n\r\n', `\r\nProxy-Authorization: ${header}\r\n\r\n`))
      expect(seen).toMatch(/^HTTP\/1\.1 407 Proxy Authentication Required\r\n/)
      expect(seen).toContain('proxy-authenticate: Basic')
      const plain = await exchange(stage.port, `GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nProxy-Authorization: ${header}\r\n\r\n`)
      expect(plain.seen).toMatch(/^HTTP\/1\.1 407 /)
    }
    expect(stage.entries.map(({ rule }) => rule)).toEqual(Array.from({ length: 6 }, () => 'egress.bad-credential'))
    expect(JSON.stringify(stage.entries)).not.toContain('YTpi')
    expect(stage.resolved).toEqual([])
  })

  it('is wanted of everybody when the settings say so', async () => {
    const stage = await open({ ...staging, options: { unidentified: 'refuse' } })
    expect((await exchange(stage.port, connectTo('api.example.com:443'))).seen).toContain('x-hardshell-rule: egress.no-credential')
    const gateway = await exchange(stage.port, as(gatewayIdentity, 'evil.example:443'))
    expect(gateway.seen).toContain('x-hardshell-rule: egress.not-listed')
  })

  it('is what the kill switch is asked about, and cut by', async () => {
    const asked: (string | null)[] = []
    const stage = await open({
      ...staging,
      origin: await echo(),
      rules: {},
      ports: {
        ...staging.ports,
        decide: ({ agentId }) => {
          asked.push(agentId)
          return agentId === 'second' ? { allow: false, rule: 'kill-switch.agent-disabled', reason: 'off' } : { allow: true, rule: 'x', reason: '' }
        },
      },
    })
    expect((await exchange(stage.port, as(second, 'odd.example.com:9000'))).seen).toContain('kill-switch.agent-disabled')
    const first = await exchange(stage.port, as(main, 'odd.example.com:9000'), headEnds)
    await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)
    const closed = new Promise((resolve) => first.socket.on('close', resolve).resume())
    expect(stage.proxy.cut(({ agentId }) => agentId === 'main', 'agent main was disabled')).toBe(1)
    await closed
    expect(asked).toEqual(['second', 'main', null])
    expect(stage.proxy.active()).toMatchObject([{ who: 'gateway' }])
  })

  it('has a limited number of connections', async () => {
    const stage = await open({ ...staging, origin: await echo(), options: { shareFor: ({ name }) => ({ maxConnections: name === 'agent.main' ? 1 : 9, bytesPerHour: Infinity }) } })
    const held = await exchange(stage.port, as(main, 'odd.example.com:9000'), headEnds)
    expect((await exchange(stage.port, as(main, 'odd.example.com:9000'))).seen).toMatch(/^HTTP\/1\.1 429 .*egress\.share/s)
    expect((await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)).seen).toMatch(established)
    held.socket.destroy()
    await expect.poll(() => stage.proxy.active().filter(({ who }) => who === 'agent.main')).toEqual([])
    expect((await exchange(stage.port, as(main, 'odd.example.com:9000'), headEnds)).seen).toMatch(established)
  })
})

describe('a mode that does not enforce', () => {
  it('lets pass what the lists do not name, says so in the log, and makes an alert of itself', async () => {
    const stage = await open({ origin: await tlsOrigin(), rules: { mode: 'learn' }, options: { accounts: { alertNew: true, alertUploadBytes: 100 } } })
    expect(stage.entries[0]).toMatchObject({ event_type: 'alert', rule: 'egress.not-enforced', severity: 'high' })
    const { socket } = await exchange(stage.port, connectTo('new.example:443'), headEnds)
    expect(await startTls(socket, 'new.example')).toBe('over tls')
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'allow', rule: 'egress.learned', detail: { would_be: 'egress.not-listed', address: '93.184.216.34' } })
    expect(stage.entries.map(({ rule }) => rule)).toEqual(['egress.not-enforced', 'egress.learned', 'egress.new-destination', 'egress.large-upload', 'egress.learned'])
    expect(stage.proxy.accounts()).toMatchObject([{ who: 'gateway', host: 'new.example', allowed: 1 }])
  })

  it('refuses a private address, a denied host and another server name all the same', async () => {
    const stage = await open({ origin: await tlsOrigin(), rules: { mode: 'learn', deniedHosts: ['bad.example'] }, answers: [['10.0.0.1']] })
    expect((await exchange(stage.port, connectTo('new.example:443'))).seen).toContain('egress.private-address')
    expect((await exchange(stage.port, connectTo('bad.example:443'))).seen).toContain('egress.denied-host')
    expect((await exchange(stage.port, connectTo('169.254.169.254:80'))).seen).toContain('egress.private-address')
    expect((await exchange(stage.port, connectTo('metadata.google.internal:80'))).seen).toContain('egress.private-name')
    const { socket } = await exchange(stage.port, connectTo('new.example:443'), headEnds)
    expect(await startTls(socket, 'other.example')).toMatch(/alert/)
  })
})

describe('a tunnel to a port that is written out', () => {
  it('carries TLS for its host', async () => {
    const stage = await open({ origin: await tlsOrigin() })
    const { socket } = await exchange(stage.port, connectTo('web.example.com:8080'), headEnds)
    expect(await startTls(socket, 'web.example.com')).toBe('over tls')
    const other = await exchange(stage.port, connectTo('web.example.com:8080'), headEnds)
    expect(await startTls(other.socket, 'evil.example')).toMatch(/alert/)
    expect(stage.dialled).toHaveLength(1)
  })

  it('carries HTTP for its host', async () => {
    const { port, heads } = await httpOrigin()
    const stage = await open({ origin: port })
    const { seen } = await exchange(stage.port, `${connectTo('web.example.com:8080')}GET /a HTTP/1.1\r\nHost: web.example.com:8080\r\n\r\n`)
    expect(seen).toContain('got ')
    expect(heads).toHaveLength(1)
  })

  it('carries nothing else', async () => {
    const stage = await open({ origin: await echo() })
    const { socket } = await exchange(stage.port, connectTo('web.example.com:8080'), headEnds)
    const closed = new Promise((resolve) => socket.on('close', resolve).resume())
    socket.write('SSH-2.0-OpenSSH_9.6\r\n')
    await closed
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'egress.not-tls' })
    expect(stage.dialled).toEqual([])
  })
})

describe('bytes through a real connection', () => {
  it('arrive whole, both ways, however many and however slowly they are taken', async () => {
    const size = 6_000_000
    const sent = Buffer.alloc(size, 'abcdefghijk')
    const origin = await listenLocal((socket) => {
      let got = 0
      socket.on('data', (chunk) => {
        got += chunk.length
        if (got === size) socket.end(sent)
      })
    })
    closers.push(origin.close)
    const stage = await openReal([`127.0.0.1:${origin.port}`])
    const { socket } = await exchange(stage.port, connectTo(`127.0.0.1:${origin.port}`), headEnds)
    const pieces: Buffer[] = []
    const ended = new Promise((resolve) => socket.on('end', resolve))
    socket.write(sent)
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece)
      if (pieces.length % 20 !== 0) return
      socket.pause()
      setTimeout(() => socket.resume(), 1)
    })
    await ended
    expect(Buffer.concat(pieces).equals(sent)).toBe(true)
    socket.destroy()
    expect(await closingEntry(stage.entries)).toMatchObject({ bytes_in: size, bytes_out: size, status: 200 })
  })

  it('arrive also when the upstream speaks first, before anybody is ready for it', async () => {
    const origin = await listenLocal((socket) => socket.end(Buffer.alloc(100_000, 'x')))
    closers.push(origin.close)
    const stage = await openReal([`127.0.0.1:${origin.port}`])
    const { seen } = await exchange(stage.port, connectTo(`127.0.0.1:${origin.port}`))
    expect(seen.slice(seen.indexOf('\r\n\r\n') + 4)).toHaveLength(100_000)
  })

  async function openReal(hosts: string[]): Promise<Stage> {
    const stage = await openStage({ rules: { allowedHosts: hosts.map((host) => ({ host, protocol: 'tcp' as const })) }, options: { allowPrivate: ['127.0.0.0/8'] }, real: true })
    closers.push(() => stage.proxy.close())
    return stage
  }
})

it('who comes after a long silence has all the time there is', async () => {
  const time = { ms: 0 }
  const stage = await open({ limits: { openingTimeoutMs: 400 }, ports: { clock: { now: () => 0, monotonicMs: () => time.ms } } })
  const denied = connectTo('evil.example:443')
  expect((await exchange(stage.port, denied)).seen).toContain('egress.not-listed')
  time.ms = 1_000_000
  const late = exchange(stage.port, 'CONNECT evil.', () => false)
  await new Promise((resolve) => setTimeout(resolve, 500)) // several looks of the sweep; its clock stands still
  expect(stage.entries).toHaveLength(1)
  time.ms += 10_000
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect((await late).seen).toMatch(/^HTTP\/1\.1 408 /)
})

it('a name may be asked for when any list names it, and none denies it to all', async () => {
  const rules = { agents: { main: { allowedHosts: ['own.example.com'], deniedHosts: ['api.example.com'] } }, deniedHosts: ['bad.wild.example.com', 'api.example.com:80'] }
  const { proxy } = await open({ rules })
  const rule = (name: string): string => proxy.mayAskFor(name).rule
  for (const name of ['api.example.com', 'API.example.com.', 'own.example.com', 'a.wild.example.com']) expect(rule(name)).toBe('egress.allowed-host')
  expect(rule('evil.example')).toBe('egress.not-listed')
  expect(rule('bad.wild.example.com')).toBe('egress.denied-host')
  expect(rule('127.0.0.1')).toBe('egress.bad-target')
  expect(rule('10-0-0-1.wild.example.com')).toBe('egress.private-name')
  proxy.setRules({ ...stageRules, mode: 'report' })
  expect(rule('evil.example')).toBe('egress.reported')
  expect(proxy.mode()).toBe('report')
})
