import { processesOf } from '../host/index.ts'
import type { UserId } from './gateway-user.ts'

/**
 * Ends what still runs as the gateway's user before a new gateway is started: a guard that was killed together with
 * its kernel's death notes (a container that was frozen, a machine without them) leaves a gateway nobody guards.
 * Only for a user that is the private profile's alone.
 *
 * @returns how many were ended
 */
export function endLeftovers(user: UserId | null): number {
  if (user === null) return 0
  const pids = processesOf(user.uid)
  for (const pid of pids) end(pid)
  return pids.length
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended by itself
  }
}
