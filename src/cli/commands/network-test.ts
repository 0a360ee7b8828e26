import { lookup, Resolver } from 'node:dns/promises'
import { connect as netConnect, type Socket } from 'node:net'
import { formatListen, HardshellError, systemClock } from '../../base/index.ts'
import { configDisk, findConfig, requireConfig, type Config } from '../../config/index.ts'
import { askGuard, type Status } from '../../control/index.ts'
import { egressOptions } from '../../guard/egress.ts'
import { handshake } from '../../guard/endpoint-tls.ts'
import { testEndpoint, type EndpointPorts, type EndpointReport } from '../../guard/endpoint-test.ts'
import { outboundTlsOf } from '../../guard/outbound-tls.ts'
import { linkOf, readTunnels, routeTo, systemResolvers } from '../../host/index.ts'
import { createCheck } from '../../proxy/egress/index.ts'
import { pathsFor } from '../guard-access.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell network test --endpoint URL`: every hop to it, in order. Exit 1 when an agent would not get there. */
export async function networkTest(options: Options, terminal: Terminal): Promise<number> {
  const url = readEndpoint(options['endpoint'])
  const flag = typeof options['config'] === 'string' ? options['config'] : undefined
  const found = await findConfig({ flag, env: terminal.env, cwd: terminal.cwd, home: terminal.env['HOME'] ?? null }, configDisk)
  const { config } = await requireConfig(found?.directory ?? null)
  const status = (await askGuard(pathsFor(options, terminal).control, 'status', {}, 5000).catch(() => null)) as Status | null
  const who = typeof options['who'] === 'string' ? options['who'] : null
  const report = await testEndpoint(url, { head: options['head'] === true, who }, portsFor(config, status))
  terminal.out(options['json'] === true ? JSON.stringify(report, null, 2) : asText(report, terminal))
  return report.reachable ? 0 : 1
}

function readEndpoint(text: string | boolean | undefined): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '') return url
  throw new HardshellError('cli.usage', '--endpoint is no http:// or https:// address without a password', { hint: 'hardshell network test --endpoint https://internal-api.example.com' })
}

// Long enough for the other side of the world and one lost packet.
const timeoutMs = 8000

function portsFor(config: Config, status: Status | null): EndpointPorts {
  const { rules, allowPrivate } = egressOptions(config)
  const tls = outboundTlsOf(config)
  return {
    clock: systemClock,
    guardClosed: async () => closedBy(status),
    check: createCheck({ rules, allowPrivate, allowAllPrivate: false }),
    resolve: (host) => (status?.addresses.dns ? askFilter(host, status.addresses.dns) : askSystem(host)),
    routeTo: (address) => routeTo(address),
    linkOf: (name) => linkOf(name),
    tunnels: async () => (await readTunnels()).tunnels,
    connect: open,
    handshake: (socket, to) => handshake(socket, to, { tls, timeoutMs }),
    head,
  }
}

function closedBy(status: Status | null): Awaited<ReturnType<EndpointPorts['guardClosed']>> {
  if (status === null) return 'none'
  if (status.paused) return { why: `agents are paused by ${status.paused.by}: ${status.paused.reason}`, next: 'hardshell resume' }
  const red = status.surfaces.find(({ ok }) => !ok)
  return red ? { why: `${red.id} is not proven: ${red.detail}`, next: 'hardshell prove' } : null
}

/** As OpenClaw's user asks where the kernel leads its questions to the filter. */
async function askFilter(host: string, at: string): Promise<{ by: string; addresses: string[] }> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  resolver.setServers([at])
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const addresses = [four, six].flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  if (addresses.length === 0 && four.status === 'rejected') throw four.reason
  return { by: `${at}, the DNS filter`, addresses }
}

async function askSystem(host: string): Promise<{ by: string; addresses: string[] }> {
  const servers = systemResolvers().servers().map(formatListen)
  const addresses = (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
  return { by: servers.length > 0 ? `the system: ${servers.join(', ')}` : 'the system', addresses }
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = netConnect({ host, port, noDelay: true })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)))
    socket.once('connect', () => {
      socket.setTimeout(0)
      resolve(socket)
    })
    // Stays on: an error after the connection must not be an unhandled one.
    socket.on('error', reject)
  })
}

function head(socket: Socket, { host, pathname }: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => reject(new Error(`nothing within ${timeoutMs} ms`)), timeoutMs)
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      settle()
    }
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1]
      if (status !== undefined) end(() => resolve(Number(status)))
      else if (text.length > 64) end(() => reject(new Error('the answer is no HTTP')))
    })
    socket.once('close', () => end(() => reject(new Error('it hung up'))))
    socket.write(`HEAD ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nUser-Agent: hardshell\r\n\r\n`)
  })
}

function asText({ endpoint, reachable, steps }: EndpointReport, terminal: Terminal): string {
  const mark = (ok: boolean | null): string => (ok === null ? terminal.paint('dim', '-') : ok ? terminal.paint('green', 'ok') : terminal.paint('red', 'no'))
  const rows = steps.map(({ step, ok, ms, detail }) => [mark(ok), step, `${ms} ms`, visible(detail)])
  const next = steps.find(({ ok }) => ok === false)?.next
  const verdict = reachable ? terminal.paint('green', `${endpoint} would be reached`) : terminal.paint('red', `${endpoint} would not be reached`)
  return [columns(rows), verdict, ...(next === undefined ? [] : [`next: ${visible(next)}`])].join('\n')
}
