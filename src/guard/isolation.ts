import { createServer, type AddressInfo } from 'node:net'
import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/index.ts'
import { ensureIsolation, entryOf, isInForce, isolationPorts, nameFor, openRelay, readIsolation, refusalsCounted, wallOf, type Confinement, type Guarded, type IsolationPorts, type IsolationRecord, type Relay } from '../isolation/index.ts'
import type { ForbiddenServices } from '../proof/index.ts'
import { userRange } from '../sandbox/index.ts'
import { readAdoption } from './adoption-record.ts'
import { gatewayUser, type UserId } from './gateway-user.ts'
import type { StatePaths } from './paths.ts'

type Known = Pick<Config, 'models' | 'egress' | 'dns' | 'gateway' | 'isolation'>

/**
 * Whom the kernel confines in this installation, and to which doors: those of the settings, since an isolation names
 * addresses and has to be right before the guard runs.
 */
export function confinementOf(paths: StatePaths, config: Known): Confinement {
  const adoption = readAdoption(paths.adoption)
  // Without root there is no user of its own; the plan says so, with whom it would be about.
  const uid = (adoption ? adoption.user : gatewayUser(paths.root))?.uid ?? process.getuid?.() ?? 0
  const [first, count] = userRange(paths.sandbox)
  return {
    name: nameFor(uid),
    uid,
    sandboxUids: { first, last: first + count - 1 },
    doors: { model: config.models.listen, egress: config.egress.listen, dns: config.dns.enabled ? config.dns.listen : null },
    gatewayPort: adoption?.gatewayPort ?? config.gateway.port,
    loopbackPorts: config.isolation.loopback_ports,
    engine: config.isolation.container_engine === 'auto' ? null : config.isolation.container_engine,
  }
}

/** The gateway's user as it has to be started: inside what is confirmed, which is brought back first if the machine was restarted. */
export async function confined(user: UserId | null, paths: StatePaths, ports: IsolationPorts = isolationPorts()): Promise<{ user: UserId | null; isolation: IsolationRecord | null }> {
  const isolation = await ensureIsolation(paths.isolation, ports)
  return { user: user && isolation ? { ...user, enter: entryOf(isolation), wall: wallOf(isolation) } : user, isolation }
}

/** The doors inside the gateway's network, where it has one of its own. */
export async function openDoorsInside(isolation: IsolationRecord | null): Promise<Relay | null> {
  return isolation?.mode === 'namespace' ? await openRelay(isolation.confinement, process.execPath) : null
}

/** What is in force right now, as far as a file can say; the kernel itself is asked by the proof. */
export function isolationNow(paths: StatePaths, ports: Pick<IsolationPorts, 'bootId' | 'clock'> = isolationPorts()): IsolationRecord | null {
  const record = readIsolation(paths.isolation, ports)
  return isInForce(record, ports) ? record : null
}

/** The wall of the kernel, as the screen tells it. */
export function kernelBoundary(paths: StatePaths): { id: string; stands: boolean; detail: string; hint?: string } {
  const record = isolationNow(paths)
  if (record !== null && record.mode !== 'user') {
    const detail = `isolation ${record.mode} is ${record.state}: the kernel enforces the way out for uid ${record.confinement.uid}`
    return { id: 'kernel-egress', stands: true, detail }
  }
  return {
    id: 'kernel-egress',
    stands: false,
    detail: 'isolation is off: a program that ignores the proxy settings can still reach the network',
    hint: 'hardshell isolate plan --mode nftables',
  }
}

/** Is there something for the kernel's proof to attack, or a setting that asks for it? */
export function kernelApplies(paths: StatePaths, { isolation }: Pick<Config, 'isolation'>): boolean {
  const modes = ['nftables', 'namespace']
  return modes.includes(isolation.mode) || modes.includes(isolationNow(paths)?.mode ?? 'off')
}

/** Why there is nothing to attack although the settings ask for it, or `null`. */
export function whyNotConfined(paths: StatePaths, { isolation }: Pick<Config, 'isolation'>): string | null {
  return isolationNow(paths) === null ? `isolation.mode is ${isolation.mode} and nothing is applied: hardshell isolate apply` : null
}

/** How many packets the kernel refused so far, or `null` where it does not count them, or nothing counts any more. */
export async function refusalsSoFar(paths: StatePaths): Promise<number | null> {
  const ports = isolationPorts()
  const record = isolationNow(paths, ports)
  if (record?.mode !== 'nftables') return null
  try {
    return (await refusalsCounted(record, ports)).reduce((sum, { packets }) => sum + packets, 0)
  } catch {
    return null // the table is gone: what that means is for the attack itself to show
  }
}

/** Services on loopback nobody else knows of, for a proof to aim at. */
export async function openForbiddenServices(): Promise<ForbiddenServices> {
  const words: string[] = []
  const servers = ['127.0.0.1', '::1'].map((host) => ({
    host,
    server: createServer((socket) => socket.on('error', () => undefined).on('data', (chunk) => words.push(chunk.toString('latin1').slice(0, 64)))),
  }))
  const udp = createSocket('udp4').on('message', (word) => words.push(word.toString('latin1').slice(0, 64)))
  const open: { host: string; port: number }[] = []
  for (const { host, server } of servers) {
    // A machine without IPv6 has one service less.
    const listening = await new Promise<boolean>((resolve) => server.once('error', () => resolve(false)).listen(0, host, () => resolve(true)))
    if (listening) open.push({ host, port: (server.address() as AddressInfo).port })
  }
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
  return {
    tcp: open,
    udp: { host: '127.0.0.1', port: udp.address().port },
    heard: (nonce) => words.includes(nonce),
    async close() {
      udp.close()
      await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

/** What `isolate verify` aims at in this installation. */
export function guardedOf(paths: StatePaths, config: Known, guardPid: number | null): Guarded {
  const exists = (file: string): boolean => existsSync(file)
  const { doors, gatewayPort } = confinementOf(paths, config)
  const namespaced = isolationNow(paths)?.mode === 'namespace'
  return {
    pid: guardPid ?? process.pid,
    folder: exists(paths.guard) ? paths.guard : null,
    files: [paths.auditLog, paths.database, paths.secrets, paths.secretsKey, paths.operatorToken, paths.connection, paths.isolation].filter(exists),
    socket: exists(paths.control) ? paths.control : null,
    ports: guardPid !== null ? [doors.model.port, doors.egress.port] : namespaced ? [] : null,
    gatewayPort,
    programs: [process.execPath, join(paths.plugin, 'index.js'), paths.openclawConfigFile].filter(exists),
    ownDoors: [paths.pluginSocket, join(paths.run, 'sandbox.sock')],
    machineAddresses: null,
  }
}
