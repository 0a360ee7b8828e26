import { isIP, type Socket } from 'node:net'
import { formatDuration, messageOf, type Clock } from '../base/index.ts'
import type { LinkFact, RouteFact, Tunnel } from '../host/index.ts'
import type { CheckAnswer } from '../proxy/egress/index.ts'
import { explainConnect, explainName } from './endpoint-words.ts'
import type { TlsFacts } from './endpoint-tls.ts'

/** One hop on the way to an endpoint. */
export interface Step {
  step: 'guard' | 'policy' | 'dns' | 'address' | 'route' | 'tcp' | 'tls' | 'http'
  /** `null`: not looked at, because of what came before or because there is nothing to look at. */
  ok: boolean | null
  ms: number
  detail: string
  /** What to do about it. */
  next?: string
  /** The same for a program. */
  facts?: object
}

export interface EndpointReport {
  endpoint: string
  /** Would an agent get there: every step that was taken said yes. */
  reachable: boolean
  steps: Step[]
}

/** What the test asks, and by whom. */
export interface EndpointPorts {
  clock: Clock
  /** Why the running guard lets nobody out right now; `null`: it would. `'none'`: no guard runs. */
  guardClosed(): Promise<{ why: string; next: string } | null | 'none'>
  /** The production decision on one line of JSON, sending nothing. */
  check(line: string): Promise<CheckAnswer>
  /** @throws what a resolver throws */
  resolve(host: string): Promise<{ by: string; addresses: string[] }>
  routeTo(address: string): Promise<RouteFact>
  linkOf(name: string): Promise<LinkFact | null>
  tunnels(): Promise<readonly Tunnel[]>
  /** @throws when there is no connection in time */
  connect(address: string, port: number): Promise<Socket>
  /** A handshake, verified as every connection of ours is. Never throws. */
  handshake(socket: Socket, to: { host: string; port: number }): Promise<TlsFacts>
  /** Status of a HEAD. @throws when there is no answer */
  head(socket: Socket, url: URL): Promise<number>
}

type Result = Omit<Step, 'step' | 'ms'>

/**
 * Walks the way an agent's connection would take, hop by hop, and stops at the first that fails. Nothing is sent to a
 * host the policy refuses. Everything is closed when it returns.
 */
export async function testEndpoint(url: URL, options: { head: boolean; who: string | null }, ports: EndpointPorts): Promise<EndpointReport> {
  const walk = createWalk(url, options, ports)
  const steps: Step[] = []
  try {
    for (const [step, take] of walk.steps) {
      // A guard that lets nobody out is told, and the rest of the way looked at all the same.
      const before = steps.find((one) => one.ok === false && one.step !== 'guard')
      const started = ports.clock.monotonicMs()
      const result: Result = before ? { ok: null, detail: `not tried: ${before.step} failed` } : await take()
      steps.push({ step, ms: before ? 0 : Math.round((ports.clock.monotonicMs() - started) * 10) / 10, ...result })
    }
  } finally {
    walk.close()
  }
  return { endpoint: url.href, reachable: steps.every(({ ok }) => ok !== false), steps }
}

function createWalk(url: URL, options: { head: boolean; who: string | null }, ports: EndpointPorts): { steps: [Step['step'], () => Promise<Result>][]; close(): void } {
  const host = url.hostname.replaceAll(/[[\]]/g, '')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const line = (addresses?: string[]): string => JSON.stringify({ method: 'CONNECT', url: `${url.hostname}:${port}`, ...(addresses && { ip: addresses }), ...(options.who && { who: options.who }) })
  const listed = port === 443 || port === 80 ? host : `${url.hostname}:${port}`
  let addresses: string[] = isIP(host) === 0 ? [] : [host]
  let socket: Socket | null = null
  const steps: [Step['step'], () => Promise<Result>][] = [
    ['guard', () => askGuard(ports)],
    ['policy', async () => fromCheck(await ports.check(line()), listed)],
    ['dns', async () => {
      if (addresses.length > 0) return { ok: null, detail: `${host} is an address: no name to look up` }
      const found = await lookUp(host, ports)
      addresses = found.addresses
      return found.result
    }],
    ['address', async () => fromCheck(await ports.check(line(addresses)), listed)],
    ['route', () => findRoute(addresses[0]!, ports)],
    ['tcp', async () => {
      const [opened, result] = await connect(addresses, port, ports)
      socket = opened
      return result
    }],
    ['tls', async () => {
      if (url.protocol !== 'https:') return { ok: null, detail: 'http: nothing is encrypted' }
      const facts = await ports.handshake(socket!, { host, port })
      socket = facts.socket ?? socket
      return tlsResult(facts)
    }],
  ]
  if (options.head) steps.push(['http', () => askHead(socket!, url, ports)])
  return { steps, close: () => void socket?.destroy() }
}

async function askGuard(ports: EndpointPorts): Promise<Result> {
  const closed = await ports.guardClosed()
  if (closed === 'none') return { ok: null, detail: 'no guard is running; the settings are judged as it would read them', next: 'hardshell start' }
  return closed === null ? { ok: true, detail: 'the guard runs, is proven, and nobody is paused' } : { ok: false, detail: closed.why, next: closed.next }
}

/** @param entry what an entry of `allowed_hosts` for it would look like */
function fromCheck({ verdict, rule, reason }: CheckAnswer, entry: string): Result {
  const facts = { rule, reason }
  if (verdict === 'allow') return { ok: true, detail: `${rule}: ${reason}`, facts }
  const next: Record<string, string> = {
    'egress.not-listed': `add ${entry} to egress.allowed_hosts in network.yaml, if agents should reach it`,
    'egress.port': `add ${entry} to egress.allowed_hosts in network.yaml`,
    'egress.private-address': `add ${entry.replace(/:\d+$/, '')} to egress.allow_private in network.yaml, if this is a service of your own`,
    'egress.private-name': `add ${entry.replace(/:\d+$/, '')} to egress.allow_private in network.yaml, if this is a service of your own`,
    'egress.denied-host': 'take the entry out of egress.denied_hosts in network.yaml, if it should be reached after all',
  }
  return { ok: false, detail: `${rule}: ${reason}`, facts, next: next[rule] ?? 'hardshell egress check --jsonl explains single requests' }
}

async function lookUp(host: string, ports: EndpointPorts): Promise<{ addresses: string[]; result: Result }> {
  try {
    const { by, addresses } = await ports.resolve(host)
    if (addresses.length === 0) return { addresses, result: { ok: false, detail: `${host} has no address (asked ${by})`, next: `dig ${host} shows what your resolver says` } }
    return { addresses, result: { ok: true, detail: `${addresses.join(', ')} (asked ${by})`, facts: { by, addresses } } }
  } catch (error) {
    return { addresses: [], result: { ok: false, ...explainName(host, error) } }
  }
}

async function findRoute(address: string, ports: EndpointPorts): Promise<Result> {
  const fact = await ports.routeTo(address)
  // Not being able to look is no reason to say that the packet would not arrive: the connection shows it.
  if ('unknown' in fact) return { ok: null, detail: `the route to ${address} cannot be read: ${fact.unknown}` }
  if ('none' in fact) return { ok: false, detail: `no route to ${address}: ${fact.none}`, next: `ip route get ${address}; is the network or the VPN up?` }
  const { interface: name, gateway, source } = fact.route
  const [link, tunnels] = await Promise.all([ports.linkOf(name), ports.tunnels()])
  const tunnel = tunnels.find((one) => one.interface === name)
  const facts = { address, interface: name, gateway, source, kind: tunnel?.kind ?? link?.kind ?? null, vpn: tunnel !== undefined }
  const through = `${address} through ${name} (${tunnel ? `${tunnel.kind} tunnel${freshness(tunnel, ports.clock)}` : `${link?.kind ?? 'unknown kind'}, no VPN`})`
  const detail = `${through}${gateway ? `, next hop ${gateway}` : ''}${source ? `, from ${source}` : ''}`
  if (tunnel && !tunnel.up) return { ok: false, detail: `${detail}; ${tunnel.why}`, facts, next: tunnel.kind === 'tailscale' ? 'tailscale up' : `wg-quick up ${name}` }
  return { ok: true, detail, facts }
}

function freshness({ peers, kind }: Tunnel, clock: Clock): string {
  const newest = Math.max(...peers.map(({ handshakeAt }) => handshakeAt ?? 0), 0)
  if (newest === 0) return kind === 'wireguard' ? ', no handshake yet' : ''
  return `, last handshake ${formatDuration(Math.max(0, clock.now() - newest))} ago`
}

async function connect(addresses: readonly string[], port: number, ports: EndpointPorts): Promise<[Socket | null, Result]> {
  let last: unknown = new Error('no address')
  for (const address of addresses.slice(0, 4)) {
    try {
      const socket = await ports.connect(address, port)
      return [socket, { ok: true, detail: `connected to ${address}, port ${port}`, facts: { address, port } }]
    } catch (error) {
      last = error
    }
  }
  return [null, { ok: false, ...explainConnect(addresses, port, last) }]
}

function tlsResult({ failure, version, cipher, chain }: TlsFacts): Result {
  const facts = { version, cipher, chain, verified: failure === null }
  const shown = chain.map(({ subject, issuer, validFrom, validTo }) => `${subject} by ${issuer}, ${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`).join(' < ')
  const spoken = version === null ? 'no handshake' : `${version}, ${cipher}`
  if (failure === null) return { ok: true, detail: `${spoken}; certificate verified: ${shown}`, facts }
  return { ok: false, detail: `${spoken}; not verified: ${failure.reason}${shown === '' ? '' : ` (${shown})`}`, facts, next: failure.hint }
}

async function askHead(socket: Socket, url: URL, ports: EndpointPorts): Promise<Result> {
  try {
    const status = await ports.head(socket, url)
    // Any answer shows that the way is open; what the server thinks of a HEAD is its own business.
    return { ok: true, detail: `HEAD ${url.pathname} is answered with HTTP ${status}`, facts: { status } }
  } catch (error) {
    return { ok: false, detail: `no answer to HEAD ${url.pathname}: ${messageOf(error)}`, next: 'does a web server listen on this port?' }
  }
}
