import { isFileLocked, takeFileLock, type FileLock } from '../base/index.ts'
import { auditlogError } from './errors.ts'

/** The right to write a log. */
export type Lock = FileLock

/**
 * Takes the one writer's place at a log, or the place of a writer that died in it.
 * @throws HardshellError `auditlog.locked`
 */
export async function takeLock(path: string, mode: number): Promise<Lock> {
  const lockPath = lockPathOf(path)
  const taken = await takeFileLock(lockPath, mode)
  if ('lock' in taken) return taken.lock
  const { pid, host, here, file } = taken.holder
  if (pid === 0) {
    throw auditlogError('auditlog.locked', `another process is taking over ${lockPath}`, {
      hint: `try again; if this stays and no hardshell runs, remove ${file}`,
    })
  }
  throw auditlogError('auditlog.locked', `process ${pid} on ${host} writes the log of ${lockPath}`, {
    hint: here
      ? 'stop the other guard, or give this one a state directory of its own'
      : `a process on another machine cannot be looked at: if it is gone, remove ${lockPath}`,
  })
}

/** Is a living process writing this log? */
export async function isBeingWritten(path: string): Promise<boolean> {
  return await isFileLocked(lockPathOf(path))
}

function lockPathOf(path: string): string {
  return `${path}.lock`
}
