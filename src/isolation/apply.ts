import { HardshellError, nonce } from '../base/index.ts'
import { callOff, rollBack, tooLate } from './confirm.ts'
import { loadRules, makeRoom } from './make.ts'
import type { IsolationPlan } from './plan.ts'
import type { IsolationPorts } from './ports.ts'
import { isInForce, readIsolation, writeRecord, type IsolationRecord } from './record.ts'
import { whyNotStanding } from './status.ts'

/** What came of an apply. */
export interface Applied {
  record: IsolationRecord
  /** It was so already; nothing was done. */
  already: boolean
}

// The process takes the change back first, in order; the kernel forgets the users a little later, whatever became of it.
const kernelGraceS = 5

/**
 * Does what the plan says, for as long as `withinMs`. Idempotent. Killed at any step it leaves what was before, at the
 * latest when the time is over: the timer is armed and the way back is on disk before the first change.
 *
 * @throws HardshellError `isolation.*` when it is refused or did not come out as planned; all is as before then
 */
export async function applyIsolation(plan: IsolationPlan, options: { recordFile: string; withinMs: number }, ports: IsolationPorts): Promise<Applied> {
  if (plan.refusal !== null) throw plan.refusal
  if (plan.mode === 'off') throw new HardshellError('isolation.not-applied', 'isolation.mode is off: there is nothing to apply', { hint: 'hardshell isolate apply --mode nftables, or hardshell isolate undo' })
  const { recordFile, withinMs } = options
  const current = await settle(recordFile, ports)
  if (current !== null && isSame(current, plan) && (await whyNotStanding(current, ports)) === null) return { record: current, already: true }
  if (current !== null && current.mode !== plan.mode) throw otherMode(current)
  const tableBefore = plan.ruleset === null ? null : await ports.nft.table({ family: 'inet', name: plan.confinement.name })
  const record: IsolationRecord = {
    state: 'applying',
    token: nonce().slice(0, 16),
    mode: plan.mode,
    confinement: plan.confinement,
    bootId: ports.bootId(),
    deadlineAt: ports.clock.now() + withinMs,
    tableBefore,
    tableAtFirst: current === null ? tableBefore : current.tableAtFirst,
    steps: plan.steps,
    files: current?.files ?? [],
    replaced: current,
  }
  // In this order: who dies in between leaves a timer that finds nothing to do, not a record nobody looks after.
  await ports.armDeadMan(recordFile, record.token, withinMs)
  await writeRecord(recordFile, record)
  try {
    return { record: await make(plan, record, { recordFile, withinMs }, ports), already: false }
  } catch (error) {
    await callOff(recordFile, record, ports)
    throw error
  }
}

async function make(plan: IsolationPlan, record: IsolationRecord, { recordFile, withinMs }: { recordFile: string; withinMs: number }, ports: IsolationPorts): Promise<IsolationRecord> {
  await makeRoom(plan, ports)
  await loadRules(plan, Math.ceil(withinMs / 1000) + kernelGraceS, ports)
  // The timer has struck while a busy machine was still at it: what came after it is nobody's to take back.
  if (ports.clock.now() >= record.deadlineAt) throw tooLate()
  const wrong = await whyNotStanding(record, ports)
  if (wrong !== null) throw new HardshellError('isolation.verification-failed', `after applying, ${wrong}`, { hint: 'hardshell isolate status' })
  const pending: IsolationRecord = { ...record, state: 'pending' }
  await writeRecord(recordFile, pending)
  return pending
}

/** The record to build on: one whose time is over, or that somebody died at, is taken back first. */
async function settle(recordFile: string, ports: IsolationPorts): Promise<IsolationRecord | null> {
  const found = readIsolation(recordFile, ports)
  if (found === null || isInForce(found, ports)) return found
  await rollBack(recordFile, found.token, ports)
  return readIsolation(recordFile, ports)
}

function isSame(record: IsolationRecord, plan: IsolationPlan): boolean {
  return record.mode === plan.mode && JSON.stringify(record.confinement) === JSON.stringify(plan.confinement)
}

function otherMode({ mode, state }: IsolationRecord): HardshellError {
  return new HardshellError('isolation.would-cut-off', `isolation ${mode} is ${state}: two modes at once would get in each other's way`, { hint: 'hardshell isolate undo, then apply the other' })
}
