import type { Counted } from '../host/index.ts'
import { accountOf, mayLogIn, netnsExists } from '../host/index.ts'
import { existsSync } from 'node:fs'
import { whyNotInternal } from './container-network.ts'
import type { IsolationPorts } from './ports.ts'
import { isInForce, readIsolation, type IsolationRecord } from './record.ts'
import { roomPaths } from './room.ts'
import { hasRules, uidSet } from './rules.ts'

/** What is in force, and whether it really is. */
export interface IsolationStatus {
  mode: IsolationRecord['mode'] | 'off'
  state: IsolationRecord['state'] | 'none'
  /** The kernel has it as it was applied, all of it. */
  stands: boolean
  /** What is missing where it does not stand, else what does. */
  detail: string
  /** Each part by itself: after a restart of the machine some of them wait for the guard. */
  parts: IsolationPart[]
  /** The command that makes whole what does not stand; `null` where it stands. */
  next: string | null
  name: string | null
  uid: number | null
  /** ISO 8601; `null` unless it waits to be confirmed. */
  confirmBy: string | null
  /** What the kernel refused since the rules were loaded. */
  refused: Counted[]
  files: readonly string[]
}

/** One thing an isolation is made of. */
export interface IsolationPart {
  part: 'rules' | 'view' | 'network' | 'user'
  stands: boolean
  /** What is missing, else what it does. */
  detail: string
  /** Who makes it anew by itself; `null` where it stands, or where nobody does. */
  waitsFor: 'guard' | null
}

export async function describeIsolation(recordFile: string, ports: IsolationPorts): Promise<IsolationStatus> {
  const record = readIsolation(recordFile, ports)
  if (record === null) return { ...nothingApplied, parts: [], refused: [], files: [] }
  const inForce = isInForce(record, ports)
  const parts = inForce ? await partsOf(record, ports) : []
  const missing = parts.filter(({ stands }) => !stands)
  const stands = inForce && missing.length === 0
  return {
    mode: record.mode,
    state: record.state,
    stands,
    detail: inForce ? inWords(parts, missing) : 'it was never confirmed, and is taken back',
    parts,
    next: stands ? null : nextOf(record, missing),
    name: record.confinement.name,
    uid: record.confinement.uid,
    confirmBy: record.state === 'pending' ? new Date(record.deadlineAt).toISOString() : null,
    // They count although the rest waits for the guard.
    refused: parts.some(({ part, stands: ruling }) => part === 'rules' && ruling) ? await refusalsCounted(record, ports) : [],
    files: record.files.map(({ path }) => path),
  }
}

const nothingApplied = { mode: 'off', state: 'none', stands: false, detail: 'nothing is applied', next: 'hardshell isolate plan', name: null, uid: null, confirmBy: null } as const

function inWords(parts: readonly IsolationPart[], missing: readonly IsolationPart[]): string {
  if (missing.length === 0) return 'the kernel has it as it was applied'
  return [...missing, ...parts.filter(({ stands }) => stands)].map(partInWords).join('; ')
}

/** What is missing of a part and who makes it anew, or what it does. */
export function partInWords({ detail, waitsFor }: IsolationPart): string {
  return waitsFor === null ? detail : `${detail}: the guard makes it anew at its start, before OpenClaw's`
}

/** A guard that starts brings back what it can, and starts no OpenClaw outside of it. */
function nextOf({ state }: IsolationRecord, missing: readonly IsolationPart[]): string {
  if (state !== 'confirmed') return 'hardshell isolate apply'
  return missing.every(({ waitsFor }) => waitsFor === 'guard') ? 'hardshell start, or systemctl restart hardshell where it is a service' : 'hardshell isolate plan'
}

/** What the kernel refused to the confined users, by protocol; empty where the mode does not count. */
export async function refusalsCounted({ mode, confinement }: IsolationRecord, { nft }: IsolationPorts): Promise<Counted[]> {
  return hasRules(mode) ? await nft.counters({ family: 'inet', name: confinement.name }) : []
}

/** Asks the kernel whether what a record says is so. @returns what is missing, or `null` */
export async function whyNotStanding(record: Pick<IsolationRecord, 'mode' | 'state' | 'confinement'>, ports: IsolationPorts): Promise<string | null> {
  return (await partsOf(record, ports)).find(({ stands }) => !stands)?.detail ?? null
}

/** What a mode is made of and whether the kernel has each, in the order in which a start needs them. */
async function partsOf({ mode, state, confinement }: Pick<IsolationRecord, 'mode' | 'state' | 'confinement'>, ports: IsolationPorts): Promise<IsolationPart[]> {
  const { name, uid } = confinement
  const { mount, netns } = roomPaths(name)
  // Namespaces have no file a start of the machine could bring them back from; rules have one, and the guard looks as well.
  const remade = state === 'confirmed' ? 'guard' : null
  const network = part('network', netnsExists(name) ? null : `the network namespace ${netns} is gone`, 'a network with nothing in it', remade)
  const view = part('view', existsSync(mount) ? null : `the mount namespace ${mount} is gone`, 'a view of the file system without helpful daemons', remade)
  if (mode === 'namespace') return [network, view]
  if (mode === 'nftables') return [view, part('rules', await whyNotRuling(name, uid, ports), `the rules for uid ${uid} stand`, remade)]
  if (mode === 'container') return [part('rules', await whyNotInternal(confinement, ports), 'the network of containers and its rules stand', remade)]
  return [part('user', whyNotApart(uid), `uid ${uid} is nobody else's`, null)]
}

function part(name: IsolationPart['part'], missing: string | null, standing: string, remade: IsolationPart['waitsFor']): IsolationPart {
  return { part: name, stands: missing === null, detail: missing ?? standing, waitsFor: missing === null ? null : remade }
}

/** A user of its own: one nobody can log in as, and that has no group that gives it more. Without an account there is neither. */
export function whyNotApart(uid: number): string | null {
  const account = accountOf(uid)
  if (uid === 0 || uid === process.getuid?.()) return 'OpenClaw has no user of its own'
  if (account === null) return null
  if (mayLogIn(account)) return `uid ${uid} is ${account.name}, who can log in (${account.shell || '/bin/sh'})`
  return account.groups.length === 0 ? null : `uid ${uid} is ${account.name}, who is in the groups ${account.groups.join(', ')}`
}

async function whyNotRuling(name: string, uid: number, { nft }: IsolationPorts): Promise<string | null> {
  const table = await nft.table({ family: 'inet', name })
  if (table === null) return `there is no table inet ${name}`
  const rules = ['hook output', `@${uidSet} jump only_the_guard`, 'reject with tcp reset', 'reject with icmpx']
  const lost = rules.find((rule) => !table.includes(rule))
  if (lost !== undefined) return `the table inet ${name} was changed: "${lost}" is not in it`
  const confined = (await nft.members({ family: 'inet', name }, uidSet)).map(({ value }) => Number(value))
  return confined.includes(uid) ? null : `uid ${uid} is not in the set of confined users`
}
