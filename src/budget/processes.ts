import { readFileSync } from 'node:fs'
import { isNodeError } from '../base/index.ts'

/** Which process owns an open reservation, and whether it still lives. A port, so that tests can kill processes. */
export interface Processes {
  /** Mark of this process: the same in every thread and after every reload, another after every start. */
  readonly self: string
  /** When in doubt true: a reservation held too long costs less than one given up while its call is running. */
  isRunning(mark: string): boolean
}

/**
 * Marks are `pid/start`. On Linux the start is boot id and start tick, so that neither a reused pid nor a reboot
 * passes for the old process; elsewhere only the pid can be asked, and a reused one keeps a reservation open until
 * its age ends it.
 */
export function systemProcesses(): Processes {
  const self = `${process.pid}/${startOf(process.pid) ?? Math.round(performance.timeOrigin)}`
  return {
    self,
    isRunning(mark) {
      if (mark === self) return true
      const [pid, start] = [Number(mark.slice(0, mark.indexOf('/'))), mark.slice(mark.indexOf('/') + 1)]
      if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid || !exists(pid)) return false
      const now = startOf(pid)
      return now === null || now === start
    },
  }
}

/** @returns `null` where there is no /proc to read it from. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 22; counted from after the program name, which may itself hold blanks and brackets. Source: proc(5).
    const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return tick === undefined ? null : `${boot}:${tick}`
  } catch {
    return null
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0) // sends nothing: asks whether it could
    return true
  } catch (error) {
    return !isNodeError(error, 'ESRCH') // EPERM: there, but somebody else's
  }
}
