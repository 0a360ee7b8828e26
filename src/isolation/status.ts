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
  /** The kernel has it as it was applied. */
  stands: boolean
  /** What is missing where it does not stand, else what does. */
  detail: string
  name: string | null
  uid: number | null
  /** ISO 8601; `null` unless it waits to be confirmed. */
  confirmBy: string | null
  /** What the kernel refused since the rules were loaded. */
  refused: Counted[]
  files: readonly string[]
}

export async function describeIsolation(recordFile: string, ports: IsolationPorts): Promise<IsolationStatus> {
  const record = readIsolation(recordFile, ports)
  if (record === null) return { mode: 'off', state: 'none', stands: false, detail: 'nothing is applied', name: null, uid: null, confirmBy: null, refused: [], files: [] }
  const wrong = isInForce(record, ports) ? await whyNotStanding(record, ports) : 'it was never confirmed, and is taken back'
  return {
    mode: record.mode,
    state: record.state,
    stands: wrong === null,
    detail: wrong ?? `the kernel has it as it was applied`,
    name: record.confinement.name,
    uid: record.confinement.uid,
    confirmBy: record.state === 'pending' ? new Date(record.deadlineAt).toISOString() : null,
    refused: wrong === null ? await refusalsCounted(record, ports) : [],
    files: record.files.map(({ path }) => path),
  }
}

/** What the kernel refused to the confined users, by protocol; empty where the mode does not count. */
export async function refusalsCounted({ mode, confinement }: IsolationRecord, { nft }: IsolationPorts): Promise<Counted[]> {
  return hasRules(mode) ? await nft.counters({ family: 'inet', name: confinement.name }) : []
}

/** Asks the kernel whether what a record says is so. @returns what is missing, or `null` */
export async function whyNotStanding({ mode, confinement }: IsolationRecord, ports: IsolationPorts): Promise<string | null> {
  const { name, uid } = confinement
  const { mount, netns } = roomPaths(name)
  if (mode === 'namespace' && !netnsExists(name)) return `the network namespace ${netns} is gone`
  if ((mode === 'namespace' || mode === 'nftables') && !existsSync(mount)) return `the mount namespace ${mount} is gone`
  if (mode === 'nftables') return await whyNotRuling(name, uid, ports)
  if (mode === 'container') return await whyNotInternal(confinement, ports)
  return whyNotApart(uid)
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
