import { HardshellError } from '../base/index.ts'
import { bootFiles, restoreFiles, unitFor, writeBootFiles } from './boot-files.ts'
import { loadRules, makeRoom, rulesNow } from './make.ts'
import type { IsolationPorts } from './ports.ts'
import { containerNetwork, containersOn } from './container-network.ts'
import { isInForce, readIsolation, writeRecord, type IsolationRecord } from './record.ts'
import { stepsFor } from './room.ts'
import { hasRules, removalOf } from './rules.ts'
import { whyNotStanding } from './status.ts'
import { takeBack } from './steps.ts'

/** A change that stays. */
export interface Confirmed {
  record: IsolationRecord
  /** What the operator still has to type for it to survive a restart of the machine; empty when nothing. */
  next: readonly string[]
}

// The timer may be about to act: whoever confirms in the last second would race it.
const tooCloseMs = 1000

/**
 * Makes a pending change stay, and writes what brings it back after a restart of the machine. Confirming twice is no error.
 *
 * @param etc where the boot files go: `/etc`
 * @throws HardshellError `isolation.not-applied`, `isolation.too-late`, `isolation.verification-failed`
 */
export async function confirmIsolation(recordFile: string, etc: string, ports: IsolationPorts): Promise<Confirmed> {
  const record = readIsolation(recordFile, ports)
  if (record === null || record.state === 'applying') throw notApplied('confirm')
  if (record.state === 'confirmed') return { record, next: nextFor(record) }
  if (ports.clock.now() > record.deadlineAt - tooCloseMs) throw tooLate()
  const wrong = await whyNotStanding(record, ports)
  if (wrong !== null) throw new HardshellError('isolation.verification-failed', `there is nothing to confirm: ${wrong}`, { hint: 'hardshell isolate apply' })
  await loadRules(record, null, ports)
  const rules = await rulesNow(record, null, ports)
  const written = rules === null ? [] : await writeBootFiles(bootFiles(record.confinement, rules, etc))
  // What an earlier confirmation wrote is ours: undo puts back what was there before the first.
  const files = record.files.length > 0 ? record.files : written
  const confirmed: IsolationRecord = { ...record, state: 'confirmed', files, replaced: null }
  await writeRecord(recordFile, confirmed)
  return { record: confirmed, next: nextFor(confirmed) }
}

function nextFor({ mode, confinement, files }: IsolationRecord): string[] {
  return hasRules(mode) && files.length > 0 ? ['systemctl daemon-reload', `systemctl enable ${unitFor(confinement.name)}`] : []
}

/**
 * Takes everything back: rules, namespaces, files, as they were before the first apply.
 * @throws HardshellError `isolation.not-applied`
 */
export async function undoIsolation(recordFile: string, ports: IsolationPorts): Promise<IsolationRecord> {
  const record = readIsolation(recordFile, ports)
  if (record === null) throw notApplied('undo')
  if (!ports.isRoot) throw new HardshellError('isolation.needs-root', 'only root can take an isolation back', { hint: 'sudo hardshell isolate undo' })
  await refuseUsed(record, ports)
  await unmake(record, record.tableAtFirst, ports)
  await restoreFiles(record.files)
  await writeRecord(recordFile, null)
  return record
}

/** Engines keep a network that containers are on: without the rules they would go on there, unconfined and unmentioned. */
async function refuseUsed({ mode, confinement }: IsolationRecord, ports: IsolationPorts): Promise<void> {
  const network = mode === 'container' ? await containerNetwork(confinement, ports) : null
  const users = network === null ? [] : await containersOn(confinement.name, network.engine, ports)
  if (users.length === 0) return
  throw new HardshellError('isolation.would-cut-off', `containers are on the network ${confinement.name}: ${users.join(', ')}`, { hint: `${network!.engine} rm -f ${users[0]!}, then hardshell isolate undo` })
}

/** The timer's half: takes back the change with this token if nobody confirmed it; what it replaced comes again. */
export async function rollBack(recordFile: string, token: string, ports: IsolationPorts): Promise<boolean> {
  const record = readIsolation(recordFile, ports)
  if (record === null || record.token !== token || record.state === 'confirmed') return false
  await callOff(recordFile, record, ports)
  return true
}

/** Takes a change back as far as it came, whoever else may have done so already. */
export async function callOff(recordFile: string, record: IsolationRecord, ports: IsolationPorts): Promise<void> {
  await unmake(record, record.tableBefore, ports)
  if (record.replaced !== null) await makeRoom(record.replaced, ports)
  await writeRecord(recordFile, record.replaced)
}

/** Makes sure that a confirmed isolation stands: after a restart of the machine its namespaces are gone. @throws when it cannot */
export async function ensureIsolation(recordFile: string, ports: IsolationPorts): Promise<IsolationRecord | null> {
  const record = readIsolation(recordFile, ports)
  if (record === null || !isInForce(record, ports)) return null
  if ((await whyNotStanding(record, ports)) === null) return record
  if (record.state === 'confirmed' && ports.isRoot) {
    // Worked out anew: a daemon that was installed meanwhile has a socket to hide.
    await makeRoom({ ...record, steps: stepsFor(record.mode, record.confinement) }, ports)
    await loadRules(record, null, ports)
  }
  const wrong = await whyNotStanding(record, ports)
  if (wrong === null) return record
  throw new HardshellError('isolation.verification-failed', `isolation ${record.mode} was confirmed and does not stand: ${wrong}`, { hint: 'hardshell isolate apply, or hardshell isolate undo' })
}

async function unmake({ mode, confinement, steps }: IsolationRecord, table: string | null, ports: IsolationPorts): Promise<void> {
  if (hasRules(mode)) await ports.nft.load(removalOf(confinement.name) + (table ?? ''))
  await takeBack(steps, ports)
}

/** Nothing that is made from now on would be taken back by anybody. */
export function tooLate(): HardshellError {
  return new HardshellError('isolation.too-late', 'the time to confirm is over: the change is taken back', { hint: 'hardshell isolate apply' })
}

function notApplied(verb: string): HardshellError {
  return new HardshellError('isolation.not-applied', `nothing is applied that could be ${verb === 'undo' ? 'undone' : 'confirmed'}`, { hint: 'hardshell isolate plan' })
}
