import { HardshellError } from '../../base/index.ts'
import type { Counted, Nftables } from '../../host/index.ts'
import type { Keep } from './keep.ts'
import { closedFor, closedSet, keptSets, removal, tableName } from './rules.ts'

/** What a lockdown does to the machine. */
export interface LockdownPorts {
  nft: Nftables
  platform: NodeJS.Platform
  isRoot: boolean
}

/** What the kernel says about it now. */
export interface Lockdown {
  /** `open` also when a time is over and only the empty table is left. */
  state: 'open' | 'closed'
  /** Seconds until it opens by itself; `null` while open, and when it stays until it is lifted. */
  leftS: number | null
  keep: Keep
  /** Packets refused so far. */
  refused: readonly Counted[]
}

const table = { family: 'inet', name: tableName } as const

/**
 * Shuts the network in both directions for a time, except loopback, what keeps an address, and SSH from those who are
 * kept. Once more replaces what was there.
 *
 * @param rules of `lockdownRules`
 * @throws HardshellError `incident.needs-root`, `incident.unsupported`, `incident.lockdown-failed`
 */
export async function closeNetwork(rules: string, ports: LockdownPorts): Promise<Lockdown> {
  able('lockdown', ports)
  const against = await ports.nft.check(rules)
  if (against !== null) throw new HardshellError('incident.unsupported', `the kernel does not take these rules: ${against}`, { hint: 'shut it at the provider of the machine, or pull the cable; then: hardshell agent disable --all' })
  await ports.nft.load(rules)
  return await standing(ports)
}

/**
 * Lets it stay: for a time, or until it is lifted.
 * @throws HardshellError `incident.not-locked-down` when it is open (its time may be over)
 */
export async function keepClosed(forS: number | null, ports: LockdownPorts): Promise<Lockdown> {
  able('lockdown confirm', ports)
  if ((await readLockdown(ports)).state === 'open') throw new HardshellError('incident.not-locked-down', 'the network is open: its time may be over', { hint: 'hardshell lockdown' })
  await ports.nft.load(closedFor(forS))
  return await standing(ports)
}

/** Opens the network again. @returns whether there was anything to open */
export async function openNetwork(ports: LockdownPorts): Promise<boolean> {
  able('lockdown lift', ports)
  const was = (await ports.nft.table(table)) !== null
  await ports.nft.load(removal())
  if ((await ports.nft.table(table)) !== null) throw new HardshellError('incident.lockdown-failed', `the table ${tableName} is still there`, { hint: `nft delete table inet ${tableName}` })
  return was
}

/** @throws HardshellError `incident.needs-root`, `incident.unsupported` */
export async function readLockdown(ports: LockdownPorts): Promise<Lockdown> {
  able('lockdown status', ports)
  const { nft } = ports
  if ((await nft.table(table)) === null) return { state: 'open', leftS: null, keep: { ipv4: [], ipv6: [], ports: [] }, refused: [] }
  const of = async (set: string): Promise<string[]> => (await nft.members(table, set)).map(({ value }) => value)
  const shut = await nft.members(table, closedSet)
  const keep = { ipv4: await of(keptSets.ipv4), ipv6: await of(keptSets.ipv6), ports: (await of(keptSets.ports)).map(Number) }
  const left = shut.map(({ leftS }) => leftS).filter((leftS) => leftS !== null)
  return { state: shut.length === 2 ? 'closed' : 'open', leftS: left.length === 0 ? null : Math.min(...left), keep, refused: await nft.counters(table) }
}

async function standing(ports: LockdownPorts): Promise<Lockdown> {
  const now = await readLockdown(ports)
  if (now.state === 'closed') return now
  throw new HardshellError('incident.lockdown-failed', 'the rules were loaded, and the kernel does not hold them', { hint: 'hardshell lockdown status' })
}

function able(what: string, { isRoot, platform }: LockdownPorts): void {
  if (platform !== 'linux') throw new HardshellError('incident.unsupported', `hardshell ${what} works with nftables, which ${platform} has not`, { hint: 'shut the network there by hand; hardshell agent disable --all stops the agents' })
  if (!isRoot) throw new HardshellError('incident.needs-root', 'only root may change the packet filter', { hint: `sudo hardshell ${what}` })
}
