import { containerFilter } from '../host/index.ts'
import type { InstallationFacts, Limits } from './facts.ts'
import { gatewayConfig, gatewayEnvironment } from './gateway-config.ts'
import type { ProfileFile } from './profile.ts'

/** One container of the installation in parts, as every engine is told of it in its own words. */
export interface Container {
  name: 'egress' | 'ingress' | 'model' | 'openclaw'
  /** Stage of the Containerfile, and name of its image. */
  image: 'guard' | 'openclaw'
  uid: number
  command: readonly string[]
  environment: Readonly<Record<string, string>>
  /** Its address on the network without a way out. */
  address: string
  /** It may also speak to the world. */
  outside: boolean
  /** Port published on the host's loopback. */
  publish: number | null
  /** From a folder or file beside the profile to a path inside; read-only. */
  mounts: readonly { from: string; to: string }[]
  /** The one place it may write to that outlives it. */
  volume: { name: string; at: string }
  /** Scratch folders in memory and their bytes, counted against the memory of the container. */
  scratch: Readonly<Record<string, number>>
  /** Names of secrets, each a file below /run/secrets. */
  secrets: readonly string[]
  /** Where it listens, for the health check. */
  listens: { host: string; port: number }
  limits: Omit<Limits, 'diskBytes'> & { diskBytes: number | null }
}

/**
 * For the container without a way out: a bridge has a link-local address of IPv6 on the host's side, `internal` or not
 * (Podman 4.3), and whatever the host serves on all of its addresses answers there.
 */
export const noIpv6 = { 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv6.conf.default.disable_ipv6': '1' } as const

/**
 * The engines' own filters admit vsock, which leads past every network (Podman 4.3, Docker 20.10), and Podman's user
 * namespaces too. Node asks for network cards by netlink. Beside the profile that names it.
 */
export const filterFile: ProfileFile = { path: 'seccomp.json', text: containerFilter(['unix', 'inet', 'inet6', 'netlink']), mode: 0o644 }

export const guardUid = 10_001
export const openclawUid = 10_002
/** Where things are inside the images of our Containerfile. */
export const inside = {
  node: '/usr/local/bin/node',
  hardshell: '/opt/hardshell/node_modules/hardshell/dist/src/cli/main.js',
  openclaw: '/opt/openclaw/node_modules/openclaw/openclaw.mjs',
  config: '/etc/openclaw',
  openclawState: '/var/lib/openclaw',
  guardState: '/var/lib/hardshell',
  openclawConfig: '/etc/hardshell/openclaw.json',
  /** Copies of secrets that only their reader may read: OpenClaw refuses a file that belongs to somebody else. */
  privateSecrets: '/run/openclaw',
} as const

/**
 * The four, in the order in which they start. Proxies listen on the inner network only, in the clear: nobody else is
 * on it. What lies between them and OpenClaw is the engine's network, which has no route out.
 */
export function containers(facts: InstallationFacts, addresses: Addresses): Container[] {
  return [proxy('egress', facts, addresses), proxy('model', facts, addresses), openclaw(facts, addresses), proxy('ingress', facts, addresses)]
}

/** Where each container is, and where it listens. */
export type Addresses = Readonly<Record<Container['name'], { address: string; listen: string }>>

/** Fixed addresses on the inner network, so that nothing in there needs a resolver, which would be a way out. */
export function bridgeAddresses({ containers: { subnet } }: InstallationFacts): Addresses {
  const at = (last: number): string => `${subnet}.${last}`
  return {
    egress: { address: at(2), listen: at(2) },
    model: { address: at(3), listen: at(3) },
    openclaw: { address: at(4), listen: at(4) },
    // The engine forwards the published port to whichever address the container has.
    ingress: { address: at(5), listen: '0.0.0.0' },
  }
}

/** `openclaw.json` of the container. */
export function containerGatewayConfig(facts: InstallationFacts, addresses: Addresses): string {
  return gatewayConfig(facts, {
    bind: 'lan',
    modelUrl: `http://127.0.0.1:${facts.ports.model}`,
    egressUrl: `http://${addresses.egress.address}:${facts.ports.egress}`,
    workspace: `${inside.openclawState}/workspace`,
    logFile: `${inside.openclawState}/gateway.log`,
    gatewayTokenFile: `${inside.privateSecrets}/openclaw_gateway_token`,
    modelTokenFile: `${inside.privateSecrets}/openclaw_model_token`,
  })
}

/** A command that says by its exit status whether a port answers. */
export function healthCommand({ listens }: Container): string[] {
  const script = `require('node:net').connect(${listens.port},${JSON.stringify(listens.host)}).on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))`
  return [inside.node, '-e', script]
}

function proxy(part: 'egress' | 'ingress' | 'model', facts: InstallationFacts, addresses: Addresses): Container {
  const { address, listen } = addresses[part]
  const port = facts.ports[part]
  const upstream = part === 'ingress' ? ['--upstream', `http://${addresses.openclaw.address}:${facts.ports.gateway}`] : []
  // The published port is another address than the one it listens on: without its name every request is refused.
  const seenAt = part === 'ingress' && listen === '0.0.0.0' ? ['--origins', ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}`).join(',')] : []
  const config = facts.config === null ? [] : ['--config', inside.config]
  return {
    name: part,
    image: 'guard',
    uid: guardUid,
    command: [inside.node, inside.hardshell, 'serve', part, '--listen', `${listen}:${port}`, '--dangerously-plain', ...upstream, ...seenAt, '--state', inside.guardState, ...config],
    environment: { HOME: inside.guardState, LANG: 'C.UTF-8' },
    address,
    outside: true,
    publish: part === 'ingress' ? port : null,
    mounts: facts.config === null ? [] : [{ from: facts.config, to: inside.config }],
    volume: { name: `hardshell-${part}`, at: inside.guardState },
    scratch: { '/tmp': 64_000_000 },
    secrets: secretsOf(part, facts),
    listens: { host: listen === '0.0.0.0' ? '127.0.0.1' : listen, port },
    limits: { cpus: 1, memoryBytes: 512_000_000, pids: 64, diskBytes: null },
  }
}

function openclaw(facts: InstallationFacts, addresses: Addresses): Container {
  const { address } = addresses.openclaw
  const relay = relayScript(facts.ports.model, addresses.model.address)
  return {
    name: 'openclaw',
    image: 'openclaw',
    uid: openclawUid,
    command: ['/bin/sh', '-c', startScript, 'openclaw', relay, inside.node, inside.openclaw, 'gateway', 'run', '--port', String(facts.ports.gateway)],
    environment: gatewayEnvironment(inside.openclawState, inside.openclawConfig),
    address,
    outside: false,
    publish: null,
    mounts: [{ from: './openclaw.json', to: inside.openclawConfig }],
    volume: { name: 'openclaw-state', at: inside.openclawState },
    scratch: { '/tmp': 256_000_000, [inside.privateSecrets]: 1_000_000 },
    secrets: ['openclaw_gateway_token', 'openclaw_model_token'],
    listens: { host: '127.0.0.1', port: facts.ports.gateway },
    limits: facts.limits,
  }
}

// Engines lay secrets down as links, or as somebody else's files; OpenClaw takes neither. The copies are in memory.
const startScript = [
  'umask 077',
  'mkdir -p "$HOME"',
  'from=${CREDENTIALS_DIRECTORY:-/run/secrets}',
  `cp -L "$from/openclaw_gateway_token" "$from/openclaw_model_token" ${inside.privateSecrets}/`,
  'relay=$1',
  'shift',
  // In the background; it ends with its container.
  '{ "$1" -e "$relay" & exec "$@"; }',
].join(' && ')

// OpenClaw sends everything but loopback to the egress proxy, model calls included (its docs, security/network-proxy).
// So the model proxy is given a loopback address in here too.
function relayScript(port: number, host: string): string {
  return `const net=require('node:net');net.createServer((a)=>{const b=net.connect(${port},${JSON.stringify(host)});a.on('error',()=>b.destroy());b.on('error',()=>a.destroy());a.pipe(b).pipe(a)}).listen(${port},'127.0.0.1')`
}

/** Each proxy is handed its own secrets only: the front door none of the keys, the way out none at all. */
function secretsOf(part: 'egress' | 'ingress' | 'model', facts: InstallationFacts): string[] {
  if (part === 'egress') return []
  return part === 'ingress' ? ['openclaw_gateway_token'] : ['openclaw_model_token', ...facts.keyFiles]
}
