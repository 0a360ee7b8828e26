import { createServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, type Identity } from '../../tests/fakes/certificates.ts'
import { createOutboundTls, systemClock } from '../base/index.ts'
import { handshake } from './endpoint-tls.ts'
import { testEndpoint, type EndpointPorts, type Step } from './endpoint-test.ts'

const authority = createAuthority('authority of the test')
const tls = createOutboundTls({ minVersion: '1.2', preferredVersion: '1.3' }).withAuthorities(authority.cert)
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

async function origin(identity: Identity): Promise<number> {
  const server = createServer(identity, (_, response) => response.end()).on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => { server.close(); server.closeAllConnections() })
  return (server.address() as AddressInfo).port
}

const allow = { id: null, verdict: 'allow', rule: 'egress.allowed-host', reason: 'listed' } as const
function ports(port: number, more: Partial<EndpointPorts> = {}): EndpointPorts {
  return {
    clock: systemClock,
    guardClosed: async () => null,
    check: async () => allow,
    resolve: async () => ({ by: '127.0.0.1:1, the DNS filter', addresses: ['127.0.0.1'] }),
    routeTo: async () => ({ route: { interface: 'wg0', gateway: null, source: '10.8.0.1' } }),
    linkOf: async () => ({ name: 'wg0', kind: 'wireguard', up: true }),
    tunnels: async () => [{ interface: 'wg0', kind: 'wireguard', up: true, why: '', peers: [{ networks: [], handshakeAt: Date.now() - 5000, online: null }] }],
    connect: (host) => new Promise<Socket>((resolve, reject) => { const socket = connect(port, host, () => resolve(socket)); socket.on('error', reject) }),
    handshake: (socket, to) => handshake(socket, to, { tls, timeoutMs: 5000 }),
    head: async () => 204,
    ...more,
  }
}
const walk = async (more: Partial<EndpointPorts> = {}, { port = 1, url = 'https://good.example/x', head = false } = {}) => {
  const report = await testEndpoint(new URL(url), { head, who: null }, ports(port, more))
  return { ...report, at: (step: Step['step']) => report.steps.find((one) => one.step === step)! }
}

describe('the way to an endpoint', () => {
  it('is told hop by hop: policy, name, address, route and VPN, connection, certificate, answer', async () => {
    const port = await origin(authority.issue({ names: ['good.example'], subject: 'good' }))
    const { reachable, steps, at } = await walk({}, { port, head: true })
    expect(reachable).toBe(true)
    expect(steps.map(({ step, ok }) => [step, ok])).toEqual(['guard', 'policy', 'dns', 'address', 'route', 'tcp', 'tls', 'http'].map((step) => [step, true]))
    expect(at('dns').detail).toBe('127.0.0.1 (asked 127.0.0.1:1, the DNS filter)')
    expect(at('route')).toMatchObject({ detail: expect.stringMatching(/through wg0 \(wireguard tunnel, last handshake 5s ago\), from 10\.8\.0\.1/), facts: { vpn: true } })
    expect(at('tls')).toMatchObject({ detail: expect.stringContaining('TLSv1.3'), facts: { verified: true, chain: expect.arrayContaining([expect.objectContaining({ subject: 'good', issuer: 'authority of the test', validFrom: expect.stringMatching(/^\d{4}-/) })]) } })
    expect(at('http').detail).toContain('HTTP 204')
    expect(steps.every(({ ms }) => ms >= 0)).toBe(true)
  })

  it.each([
    ['has expired', { names: ['good.example'], fromDays: -9, toDays: -1 }, 'has expired'],
    ['is for another name', { names: ['other.example'] }, 'is for another name'],
  ])('ends at a certificate that %s, and shows it all the same', async (_, wanted, reason) => {
    const port = await origin(authority.issue({ subject: 'bad', ...wanted }))
    const { reachable, at } = await walk({}, { port, head: true })
    expect(reachable).toBe(false)
    expect(at('tls')).toMatchObject({ ok: false, detail: expect.stringContaining(reason), next: expect.stringMatching(/./), facts: { verified: false, chain: expect.arrayContaining([expect.objectContaining({ subject: 'bad', issuer: 'authority of the test' })]) } })
    expect(at('http')).toMatchObject({ ok: null, detail: 'not tried: tls failed' })
  })

  it('ends at the policy before anything is looked up or sent, with the setting to change', async () => {
    const asked: string[] = []
    const refuse = async (): Promise<never> => { asked.push('asked'); throw new Error('must not be asked') }
    const { reachable, at } = await walk({ check: async () => ({ id: null, verdict: 'deny', rule: 'egress.not-listed', reason: 'x' }), resolve: refuse, connect: refuse, routeTo: refuse }, { url: 'https://evil.example:8443/' })
    expect([reachable, asked]).toEqual([false, []])
    expect(at('policy')).toMatchObject({ ok: false, next: 'add evil.example:8443 to egress.allowed_hosts in network.yaml, if agents should reach it' })
  })

  it('is judged by its addresses too, with the production decision', async () => {
    const lines: unknown[] = []
    const check: EndpointPorts['check'] = async (line) => {
      lines.push(JSON.parse(line))
      return lines.length === 1 ? allow : { id: null, verdict: 'deny', rule: 'egress.private-address', reason: 'it leads to 10.0.0.1' }
    }
    const { at } = await walk({ check, resolve: async () => ({ by: 'x', addresses: ['10.0.0.1'] }) })
    expect(lines).toEqual([{ method: 'CONNECT', url: 'good.example:443' }, { method: 'CONNECT', url: 'good.example:443', ip: ['10.0.0.1'] }])
    expect(at('address')).toMatchObject({ ok: false, next: expect.stringContaining('egress.allow_private') })
  })

  it.each([
    ['EREFUSED', 'the DNS filter refuses', /--type dns_query/],
    ['ENOTFOUND', 'does not exist', /spelled/],
    ['ESERVFAIL', 'no resolver answered', /dns\.servers/],
    ['ETIMEOUT', 'nobody answered in time', /resolv\.conf/],
  ])('ends at a name that fails with %s, in words', async (code, words, next) => {
    const { at } = await walk({ resolve: async () => Promise.reject(Object.assign(new Error(code), { code })) })
    expect(at('dns')).toMatchObject({ ok: false, detail: expect.stringContaining(words), next: expect.stringMatching(next) })
  })

  it('ends where there is no route, a tunnel is down, or nobody listens', async () => {
    expect((await walk({ routeTo: async () => ({ none: 'unreachable' }) })).at('route')).toMatchObject({ ok: false, next: expect.stringContaining('VPN') })
    expect((await walk({ tunnels: async () => [{ interface: 'wg0', kind: 'wireguard', up: false, why: 'the interface is down', peers: [] }] })).at('route')).toMatchObject({ ok: false, next: 'wg-quick up wg0' })
    const { at } = await walk({ connect: async () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })) })
    expect(at('tcp')).toMatchObject({ ok: false, detail: expect.stringContaining('nobody listens'), next: expect.stringContaining('port') })
  })

  it('goes on where the route cannot be read, and where no guard runs', async () => {
    const port = await origin(authority.issue({ names: ['good.example'] }))
    const { reachable, at } = await walk({ routeTo: async () => ({ unknown: 'no ip' }), guardClosed: async () => 'none' }, { port })
    expect([reachable, at('route').ok, at('guard').ok]).toEqual([true, null, null])
  })

  it('is closed by a guard that lets nobody out, and looked at all the same', async () => {
    const port = await origin(authority.issue({ names: ['good.example'] }))
    const { reachable, at } = await walk({ guardClosed: async () => ({ why: 'agents are paused by ana', next: 'hardshell resume' }) }, { port })
    expect([reachable, at('tls').ok]).toEqual([false, true])
    expect(at('guard')).toMatchObject({ ok: false, next: 'hardshell resume' })
  })

  it('by an address needs no name, and by http no certificate', async () => {
    const port = await origin(authority.issue({ names: ['good.example'] }))
    const { at } = await walk({}, { port, url: 'http://127.0.0.1:8080/' })
    expect([at('dns').ok, at('tls').ok]).toEqual([null, null])
  })
})
