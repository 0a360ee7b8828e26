import { HardshellError } from '../../base/index.ts'
import { applyPlan, type Applied } from './apply.ts'
import { listRuns } from './confirm.ts'
import { lockHarden } from './dead-man.ts'
import type { HardenPlan } from './plan.ts'
import type { HardenPorts } from './ports.ts'
import { settleRuns, type UndoPorts, type UndoneRun } from './undo.ts'
import type { Watch } from './watch.ts'

/** What came of a call: what had to be taken back first, and what was applied. */
export interface Hardened {
  settled: readonly UndoneRun[]
  plan: HardenPlan
  /** `null`: there was nothing to do, or the operator said no. */
  applied: Applied | null
}

/**
 * Alone on this machine: takes back what was never finished, plans, asks, applies. The plan is made inside, as what
 * was taken back changes it.
 * @throws HardshellError `posture.busy`, `posture.run-unconfirmed` and whatever planning and applying throw
 */
export async function harden(folder: string, make: { plan(): Promise<HardenPlan>; agreed(plan: HardenPlan): Promise<boolean>; watchFor(plan: HardenPlan): Watch; withinMs: number }, ports: HardenPorts): Promise<Hardened> {
  if (process.platform === 'win32') throw new HardshellError('posture.not-applied', 'on Windows changes are shown and not made', { hint: 'hardshell harden --dry-run' })
  return await alone(folder, async () => {
    const settled = await settleRuns(ports)
    const waiting = (await listRuns(ports)).find(({ standing }) => standing.state === 'pending')
    if (waiting !== undefined) {
      throw new HardshellError('posture.run-unconfirmed', `run ${waiting.run.id} waits to be confirmed`, { hint: `hardshell harden confirm ${waiting.run.id}, or hardshell harden undo ${waiting.run.id}` })
    }
    const plan = await make.plan()
    if (plan.steps.length === 0 || !(await make.agreed(plan))) return { settled, plan, applied: null }
    return { settled, plan, applied: await applyPlan(plan, make.withinMs, { ...ports, watch: make.watchFor(plan) }) }
  })
}

/** Does something while no other harden, undo or timer may. @throws HardshellError `posture.busy` */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockHarden(folder)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

/** The newest run that is not undone yet, else the newest; `null`: there was none. */
export async function lastRun(ports: Pick<UndoPorts, 'records'>): Promise<string | null> {
  const runs = await listRuns(ports)
  return (runs.findLast(({ standing }) => standing.state !== 'undone') ?? runs.at(-1))?.run.id ?? null
}
