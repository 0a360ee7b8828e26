import { HardshellError } from '../../base/index.ts'
import type { Run, Standing } from './record.ts'
import type { UndoPorts } from './undo.ts'

// The timer may be about to act: whoever confirms in the last second would race it.
const tooCloseMs = 1000

/**
 * Lets a run stay that waits for it. Confirming twice is no error.
 * @param id `null`: the one that waits
 * @throws HardshellError `posture.run-unknown`, `posture.run-too-late`
 */
export async function confirmRun(id: string | null, ports: UndoPorts): Promise<string> {
  const runs = await listRuns(ports)
  const found = id === null ? runs.findLast(({ standing }) => standing.state === 'pending') : runs.find(({ run }) => run.id === id)
  if (found === undefined) throw new HardshellError('posture.run-unknown', id === null ? 'no harden run waits to be confirmed' : `there is no harden run ${id}`, { hint: 'hardshell harden list' })
  const { run, standing } = found
  if (standing.state === 'kept') return run.id
  if (standing.state !== 'pending' || ports.clock.now() > (standing.deadlineAt ?? 0) - tooCloseMs) {
    throw new HardshellError('posture.run-too-late', `the time to confirm run ${run.id} is over: it is taken back`, { hint: 'hardshell harden' })
  }
  await ports.records.setStanding(run.id, { state: 'kept', deadlineAt: null, left: [] })
  await ports.boot.remove()
  return run.id
}

/** Every run that was begun, oldest first. @throws HardshellError `posture.record-damaged` */
export async function listRuns({ records }: Pick<UndoPorts, 'records'>): Promise<readonly { run: Run; standing: Standing }[]> {
  const found = await Promise.all((await records.ids()).map(async (id) => await records.read(id)))
  return found.filter((one) => one !== null)
}
