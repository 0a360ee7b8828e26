import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuditLog, searchLog, type AuditLog, type Entry } from '../../src/auditlog/index.ts'
import { createOutboundTls, systemClock, type Listen } from '../../src/base/index.ts'
import { probeNames } from '../../src/guard/dns.ts'
import { approvedNames } from '../../src/guard/approved-names.ts'
import { dnsSurface, type RunAsGateway } from '../../src/proof/index.ts'
import { createDnsFilter, type DnsFilter, type DnsPorts } from '../../src/proxy/dns/index.ts'
import { createAuthority } from '../fakes/certificates.ts'
import { hardshell, runToEnd } from './command.ts'
import { freePorts } from './ports.ts'
import { asGateway } from '../attacks/as-gateway.ts'
import { command, ensureProven, statusOf } from './installation.ts'
import { entryThat, logLength } from './log.ts'
import { sharedInstallation } from './shared.ts'
import { until } from './wait.ts'

// Debian: dnsutils, unbound. .ci/run installs both.
const noTools = ['/usr/bin/dig', '/usr/sbin/unbound'].some((path) => !existsSync(path))
const shared = sharedInstallation()
const root = mkdtempSync(join(tmpdir(), 'hardshell-dns-'))
const allowedHosts = ['good.example', '*.wild.example', 'lan.example']
let [upstream, resolver]: [Listen, ChildProcess | null] = [{ host: '127.0.0.1', port: 0 }, null]
let log: AuditLog
const filters: DnsFilter[] = []

beforeAll(async () => {
  log = await openAuditLog({ path: join(root, 'audit/audit.log'), rotateBytes: 1e9 }, { clock: systemClock })
  if (noTools) return
  const [port] = await freePorts(1)
  upstream = { host: '127.0.0.1', port: port! }
  writeFileSync(join(root, 'unbound.conf'), unboundConfig(port!))
  resolver = spawn('/usr/sbin/unbound', ['-d', '-c', join(root, 'unbound.conf')], { stdio: 'ignore' })
  await until('unbound', 20_000, async () => (await runToEnd('/usr/bin/dig', [`@127.0.0.1`, '-p', String(port), '+tries=1', '+time=1', 'good.example'])).out.includes('NOERROR'))
})
afterAll(async () => {
  for (const filter of filters) await filter.close()
  resolver?.kill('SIGTERM')
  await log.close()
  rmSync(root, { recursive: true, force: true })
})

function unboundConfig(port: number): string {
  const text = Array.from({ length: 250 }, () => `"${'x'.repeat(250)}"`).join(' ')
  const many = Array.from({ length: 200 }, (_, i) => `local-data: "many.wild.example. 60 IN A 93.184.216.${i + 1}"`)
  return `server:
  interface: 127.0.0.1
  port: ${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${root}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  local-zone: "example." static
  local-data: "good.example. 300 IN A 93.184.216.34"
  local-data: "good.example. 300 IN AAAA 2606:2800:220:1::1"
  local-data: "evil.example. 300 IN A 93.184.216.66"
  local-data: "lan.example. 300 IN A 10.8.0.7"
  local-data: "rebind.wild.example. 5 IN A 93.184.216.34"
  local-data: "rebind.wild.example. 5 IN A 169.254.169.254"
  local-data: 'big.wild.example. 60 IN TXT ${text}'
  ${many.join('\n  ')}
`
}

/** The filter of a guard, in front of unbound, with a log of its own. */
async function filterWith(ports: Partial<DnsPorts> = {}, recordTypes = ['A', 'AAAA', 'TXT']): Promise<Listen> {
  const names = approvedNames({ rules: { mode: 'enforce', allowedHosts, deniedHosts: ['*'], agents: {}, skills: {} }, allowPrivate: ['lan.example'] })
  const filter = createDnsFilter(
    { beyondLoopback: false, refuseWith: 'refused', recordTypes, minTtlMs: 5000, maxTtlMs: 3_600_000, cacheEntries: 100, queriesPerSecond: 10_000, blockTunnels: false, overHttps: null },
    { audit: log, clock: systemClock, tls: createOutboundTls({ minVersion: '1.2', preferredVersion: '1.3' }), servers: () => [upstream], ...names, closedBy: () => null, isProbe: () => false, ...ports },
  )
  filters.push(filter)
  return await filter.listen({ host: '127.0.0.1', port: 0 })
}
const dig = async (at: Listen, ...args: string[]): Promise<string> => (await runToEnd('/usr/bin/dig', [`@${at.host}`, '-p', String(at.port), '+tries=1', '+time=5', ...args])).out
const logged = async (text: string): Promise<Entry[]> => {
  const found: Entry[] = []
  for await (const entry of searchLog({ path: join(root, 'audit/audit.log') }, { text })) if ('seq' in entry) found.push(entry as Entry)
  return found
}

describe.skipIf(noTools)('asked by dig, with unbound behind it', () => {
  let at: Listen
  beforeAll(async () => void (at = await filterWith()))

  it('an approved name resolves over UDP and TCP, and the decision is in the log', async () => {
    for (const transport of ['+notcp', '+tcp']) {
      expect(await dig(at, 'good.example', transport, '+short')).toBe('93.184.216.34\n')
      expect(await dig(at, 'good.example', 'AAAA', transport, '+short')).toBe('2606:2800:220:1::1\n')
    }
    expect(await logged('good.example')).toMatchObject([{ event_type: 'dns_query', decision: 'allow', rule: 'egress.allowed-host' }])
  })

  it('a name nobody approved is refused with its reason, though unbound knows it', async () => {
    expect(await dig(upstream, 'evil.example', '+short')).toBe('93.184.216.66\n')
    for (const transport of ['+notcp', '+tcp']) expect(await dig(at, 'evil.example', transport)).toMatch(/status: REFUSED[\s\S]*EDE: 18 \(Prohibited\): \(dns\.not-approved\)/)
    expect(await logged('evil.example')).toMatchObject([{ decision: 'deny', rule: 'dns.not-approved' }])
  })

  it('an answer that mixes public and private addresses is withheld whole; a private one that is meant passes', async () => {
    expect(await dig(at, 'rebind.wild.example')).toMatch(/status: NOERROR[\s\S]*ANSWER: 0[\s\S]*EDE: 4 \(Forged Answer\): \(dns\.private-answer\)/)
    expect((await logged('rebind.wild.example')).find(({ event_type }) => event_type === 'alert')).toMatchObject({ rule: 'dns.private-answer' })
    expect(await dig(at, 'lan.example', '+short')).toBe('10.8.0.7\n')
  })

  it('an answer of 62 KiB comes over TCP, after UDP said that it is longer', async () => {
    const whole = await dig(at, 'big.wild.example', 'TXT')
    expect(whole).toContain('Truncated, retrying in TCP mode')
    expect(whole).toMatch(/MSG SIZE {2}rcvd: 62\d\d\d/)
    expect(await dig(at, 'many.wild.example', '+ignore')).toMatch(/flags: qr tc rd ra;.*ANSWER: 0/)
    expect(await dig(at, 'many.wild.example')).toContain('ANSWER: 200')
  })

  it('options of the client stop here: no subnet comes back, a cookie is good, DNSSEC is not claimed', async () => {
    const said = await dig(at, 'good.example', '+subnet=198.51.100.0/24', '+cookie', '+dnssec')
    expect(said).toMatch(/COOKIE: [0-9a-f]+ \(good\)/)
    expect(said).not.toMatch(/CLIENT-SUBNET|RRSIG|flags: .* ad[ ;]|flags: do/)
  })

  it('what is no plain question is turned down as the standards say', async () => {
    expect(await dig(at, 'good.example', 'ANY', '+notcp')).toContain('status: REFUSED')
    expect(await dig(at, 'good.example', 'AXFR')).toContain('Transfer failed')
    expect(await dig(at, 'version.bind', 'CH', 'TXT')).toContain('status: REFUSED')
    expect(await dig(at, 'good.example', '+edns=1', '+noednsnegotiation')).toContain('status: BADVERS')
    expect(await dig(at, 'good.example', '+opcode=notify')).toContain('status: NOTIMP')
    expect(await dig(at, 'good.example', 'MX')).toMatch(/status: NOERROR.*\n.*ANSWER: 0/)
  })
})

describe('the DNS surface over the real filter', () => {
  const nonce = 'a1'.repeat(16)
  const runHere: RunAsGateway = async (program, args) => (await runToEnd(process.execPath, ['-e', program, ...args])).out
  const prove = async (at: Listen) =>
    await dnsSurface({ listen: () => at, names: probeNames, elsewhere: () => null, runAsGateway: runHere, findEntry: async (text, fits) => (await logged(text)).find(fits) ?? null }).prove(nonce, new AbortController().signal)
  const isControl = (name: string) => (name === probeNames(nonce).control ? ({ rule: 'proof.control', reason: 'proof', scope: 'host' } as const) : null)

  it('is green while the filter filters, and red as soon as it lets everything through', async () => {
    expect(await prove(await filterWith({ isApproved: isControl }))).toMatchObject({ ok: true })
    const red = await prove(await filterWith({ isApproved: () => ({ rule: 'oops', reason: 'all', scope: 'any' }) }))
    expect(red).toMatchObject({ ok: false, detail: expect.stringContaining('was not refused by the list') })
  })

  it('is green in a guard, whose filter is asked by the gateway’s own user', async () => {
    await ensureProven(shared)
    const status = (await statusOf(shared))!
    expect(status.surfaces.find(({ id }) => id === 'dns')).toMatchObject({ ok: true })
    const since = logLength(shared.log)
    const [host, port] = status.addresses.dns!.split(':')
    const ask = `const { Resolver } = require('node:dns'); const r = new Resolver({ timeout: 3000, tries: 1 }); r.setServers([process.argv[1]]); r.resolve4(process.argv[2], (e) => console.log(e?.code ?? 'resolved'))`
    expect((await asGateway(shared, ask, [`${host}:${port}`, 'exfiltrate.example'])).out.trim()).toBe('EREFUSED')
    expect(await entryThat(shared.log, since, (e) => e.target === 'exfiltrate.example')).toMatchObject({ event_type: 'dns_query', decision: 'deny', rule: 'dns.not-approved' })
  })

  it('is closed with everything else while agents are paused', async () => {
    await command(shared, ['pause', '--all', '--reason', 'test'])
    const closed = await command(shared, ['network', 'test', '--endpoint', 'https://example.com', '--json', '--config', shared.config])
    await command(shared, ['resume'])
    expect(closed.status).toBe(1)
    expect(JSON.parse(closed.out)).toMatchObject({ reachable: false, steps: expect.arrayContaining([expect.objectContaining({ step: 'guard', ok: false, next: 'hardshell resume' })]) })
  })
})

describe('hardshell network test', () => {
  const authority = createAuthority('authority of the journey')
  const config = join(root, 'config')
  const ends: (() => void)[] = []
  afterAll(() => ends.forEach((end) => end()))

  async function origin(names: string[], more: object = {}): Promise<number> {
    const server = createServer(authority.issue({ names, ...more }), (_, response) => response.writeHead(204).end()).on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ends.push(() => { server.close(); server.closeAllConnections() })
    return (server.address() as AddressInfo).port
  }
  const test = async (url: string, ports: number[]) => {
    mkdirSync(config, { recursive: true })
    writeFileSync(join(root, 'ca.pem'), authority.cert, { mode: 0o644 })
    writeFileSync(join(config, 'config.yaml'), `tls:\n  ca_bundle: ${join(root, 'ca.pem')}\n`)
    writeFileSync(join(config, 'network.yaml'), `egress:\n  allowed_hosts: [${ports.map((port) => `"localhost:${port}"`).join(', ')}]\n  allow_private: ["localhost", "127.0.0.1", "::1"]\n`)
    execFileSync('chmod', ['-R', 'go-w', config])
    const { status, out, err } = await hardshell(['network', 'test', '--endpoint', url, '--head', '--json', '--state', join(root, 'nowhere'), '--config', config])
    return { status, err, report: JSON.parse(out) as { reachable: boolean; steps: { step: string; ok: boolean | null; detail: string; next?: string; facts?: Record<string, unknown> }[] } }
  }
  const stepOf = (report: Awaited<ReturnType<typeof test>>['report'], step: string) => report.steps.find((one) => one.step === step)!

  it('explains every hop to an endpoint that would be reached, and ends with 0', async () => {
    const port = await origin(['localhost'])
    const { status, report, err } = await test(`https://localhost:${port}/`, [port])
    expect(status, err).toBe(0)
    expect(report.steps.map(({ step, ok }) => [step, ok])).toEqual([['guard', null], ['policy', true], ['dns', true], ['address', true], ['route', true], ['tcp', true], ['tls', true], ['http', true]])
    expect(stepOf(report, 'route')).toMatchObject({ facts: { interface: 'lo', kind: 'loopback', vpn: false } })
    expect(stepOf(report, 'tls')).toMatchObject({ facts: { version: 'TLSv1.3', verified: true } })
    expect(stepOf(report, 'http').detail).toContain('HTTP 204')
  })

  it('ends with 1 and the next step at a certificate that has expired, and at a host nobody allowed', async () => {
    const port = await origin(['localhost'], { fromDays: -9, toDays: -1 })
    const expired = await test(`https://localhost:${port}/`, [port])
    expect(expired.status).toBe(1)
    expect(stepOf(expired.report, 'tls')).toMatchObject({ ok: false, detail: expect.stringContaining('expired'), next: expect.stringContaining('renewed') })
    const unlisted = await test(`https://localhost:${port}/`, [1])
    expect(unlisted.status).toBe(1)
    expect(stepOf(unlisted.report, 'policy')).toMatchObject({ ok: false, next: expect.stringContaining(`localhost:${port}`) })
    expect(stepOf(unlisted.report, 'tcp').detail).toBe('not tried: policy failed')
  })
})
