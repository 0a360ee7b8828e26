import { findProgram } from '../host/index.ts'
import type { Confinement } from './confinement.ts'
import type { IsolationPorts } from './ports.ts'
import { counterNames, refusals } from './rules.ts'
import type { Step } from './steps.ts'

export type Engine = 'podman' | 'docker'

/** The engine that was named, or the first there is; `null`: there is none. */
export function engineFor({ engine }: Pick<Confinement, 'engine'>): Engine | null {
  const wanted: readonly Engine[] = engine === null ? ['podman', 'docker'] : [engine]
  return wanted.find((one) => findProgram(one) !== null) ?? null
}

// IFNAMSIZ: fifteen letters. A user id has at most ten.
const dockerBridge = ({ uid }: Pick<Confinement, 'uid'>): string => `hs${uid}`

/**
 * An internal network. `internal` keeps containers from being routed onwards, and nothing else: Docker gives the machine
 * itself an address on it, and Podman's answers names. Both are left out; the rest is for `containerRules`.
 */
export function networkStep(confinement: Pick<Confinement, 'name' | 'uid'>, engine: Engine): Step {
  const { name } = confinement
  const own = engine === 'podman' ? ['--disable-dns'] : ['--opt', `com.docker.network.bridge.name=${dockerBridge(confinement)}`, '--opt', 'com.docker.network.bridge.inhibit_ipv4=true']
  return {
    what: 'a network of containers without a way out',
    command: [engine, 'network', 'create', '--internal', ...own, '--label', 'app=hardshell', name],
    // Without force: Podman would take the containers on it away as well.
    undo: [engine, 'network', 'rm', name],
  }
}

/** A network of containers as its engine describes it. */
export interface ContainerNetwork {
  engine: Engine
  internal: boolean
  /** The network card this machine has on it. */
  bridge: string
}

/** @returns `null` when no engine knows a network of that name */
export async function containerNetwork({ name, engine }: Pick<Confinement, 'name' | 'engine'>, { run }: Pick<IsolationPorts, 'run'>): Promise<ContainerNetwork | null> {
  for (const one of engine === null ? (['podman', 'docker'] as const) : [engine]) {
    const { status, out } = await run([one, 'network', 'inspect', name]).catch(() => ({ status: 1, out: '' }))
    const found = status === 0 ? readNetwork(out) : null
    if (found !== null) return { engine: one, ...found }
  }
  return null
}

/** Podman writes in small letters, Docker in large ones. */
export function readNetwork(inspected: string): Omit<ContainerNetwork, 'engine'> | null {
  const [one] = JSON.parse(inspected) as { internal?: boolean; network_interface?: string; Internal?: boolean; Id?: string; Options?: Record<string, string> | null }[]
  if (one?.network_interface) return { internal: one.internal === true, bridge: one.network_interface }
  if (one?.Id === undefined) return null
  // Docker's own naming where nobody gave one (libnetwork, drivers/bridge).
  return { internal: one.Internal === true, bridge: one.Options?.['com.docker.network.bridge.name'] ?? `br-${one.Id.slice(0, 12)}` }
}

/** What stands in a plan for a bridge that only exists once its network was made. */
export function bridgeToBe(confinement: Confinement, engine: Engine): string {
  return engine === 'docker' ? dockerBridge(confinement) : 'of-the-network'
}

export const bridgeSet = 'bridges'

/**
 * What comes from the containers ends at this machine's network card: neither its services (on any of its addresses,
 * link-local ones of IPv6 included, which engines leave open) nor another network. Containers among themselves are not
 * seen by these chains; what was asked from here is answered. The same table, counters and transaction as `rulesetFor`.
 *
 * @param expiresAfterS see `rulesetFor`
 */
export function containerRules({ name }: Pick<Confinement, 'name'>, bridge: string, expiresAfterS: number | null): string {
  return `table inet ${name}
delete table inet ${name}
table inet ${name} {
${counterNames.map((counter) => `  counter ${counter} {\n  }\n`).join('')}
  set ${bridgeSet} {
    type ifname
    flags timeout
    elements = { "${bridge}"${expiresAfterS === null ? '' : ` timeout ${expiresAfterS}s`} }
  }

  chain input {
    type filter hook input priority -5; policy accept;
    iifname @${bridgeSet} jump from_containers
  }

  chain forward {
    type filter hook forward priority -5; policy accept;
    iifname @${bridgeSet} oifname != @${bridgeSet} jump from_containers
  }

  chain from_containers {
    ct direction reply accept
${refusals(name).map((rule) => `    ${rule}\n`).join('')}  }
}
`
}

/** @returns what is missing, or `null` */
export async function whyNotInternal(confinement: Confinement, ports: Pick<IsolationPorts, 'run' | 'nft'>): Promise<string | null> {
  const { name } = confinement
  const network = await containerNetwork(confinement, ports)
  if (network === null) return `there is no container network ${name}`
  if (!network.internal) return `the network ${name} is not internal`
  const table = await ports.nft.table({ family: 'inet', name })
  if (table === null) return `there is no table inet ${name}: containers reach services of this machine`
  const wanted = ['hook input', `iifname @${bridgeSet} jump from_containers`, 'hook forward', 'reject with icmpx', `"${network.bridge}"`]
  const lost = wanted.find((rule) => !table.includes(rule))
  return lost === undefined ? null : `the table inet ${name} was changed: ${lost} is not in it`
}

/** Does the network stand, whatever became of the rules? Made anew only where it does not: containers may be on it. */
export async function networkStands(confinement: Confinement, ports: Pick<IsolationPorts, 'run'>): Promise<boolean> {
  return (await containerNetwork(confinement, ports))?.internal === true
}

/** Addresses of this machine on the bridge; link-local ones with their device. */
export async function bridgeAddresses(bridge: string, { run }: Pick<IsolationPorts, 'run'>): Promise<string[]> {
  const { status, out } = await run(['ip', '-json', 'addr', 'show', 'dev', bridge])
  if (status !== 0) return []
  const [link] = JSON.parse(out) as { addr_info?: { local?: string }[] }[]
  return (link?.addr_info ?? []).flatMap(({ local }) => (local === undefined ? [] : [local.startsWith('fe80') ? `${local}%${bridge}` : local]))
}

/** Names of the containers on it, stopped ones too: both engines keep a network for them. */
export async function containersOn(name: string, engine: Engine, { run }: Pick<IsolationPorts, 'run'>): Promise<string[]> {
  const { status, out } = await run([engine, 'ps', '-a', '--filter', `network=${name}`, '--format', '{{.Names}}'])
  return status === 0 ? out.split('\n').filter(Boolean) : []
}
