/**
 * A process of its own that takes a harden run back when nobody has confirmed it in time, when the command that makes
 * it died, or when the machine was started again. Started before the first change; it outlives the command, the guard
 * and the terminal. Arguments: the folder of the runs, the run.
 */
import { join } from 'node:path'
import { isFileLocked, systemClock } from '../../base/index.ts'
import { lockHarden, strike } from './dead-man.ts'
import { undoPortsFor } from './ports.ts'

const [folder, id] = process.argv.slice(2) as [string, string]
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE'] as const) process.on(signal, () => undefined)
// Whoever reads it may be gone: a closed pipe is no reason to die.
process.stdout.on('error', () => undefined)
process.stdout.write('armed\n')

const ports = undoPortsFor(folder)
const pollMs = 250
const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms))
let deadlineMs: number | null = null

for (;;) {
  const found = await ports.records.read(id)
  if (found === null || found.standing.state === 'kept' || found.standing.state === 'undone') break
  const { run, standing } = found
  // Counted from when it was seen to wait: the clock of the machine may be set meanwhile.
  if (standing.state === 'pending') deadlineMs ??= systemClock.monotonicMs() + Math.min(run.withinMs ?? 0, Math.max(0, (standing.deadlineAt ?? 0) - systemClock.now()))
  const isOver = deadlineMs !== null && systemClock.monotonicMs() >= deadlineMs
  const isOrphan = standing.state !== 'pending' && !(await isFileLocked(join(folder, 'lock')))
  if ((isOver || isOrphan || run.bootId !== ports.bootId()) && (await struck())) break
  await pause(pollMs)
}

/** False when it has to be tried again: somebody else holds the lock, or the disk is full for now. */
async function struck(): Promise<boolean> {
  try {
    const lock = await lockHarden(folder)
    try {
      await strike(id, ports)
      return true
    } finally {
      await lock.release()
    }
  } catch {
    await pause(2000)
    return false
  }
}
