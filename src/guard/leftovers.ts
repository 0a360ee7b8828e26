import { readdirSync, readFileSync } from 'node:fs'
import type { UserId } from './gateway-user.ts'

/**
 * Ends what still runs as the gateway's user before a new gateway is started: a guard that was killed together with
 * its kernel's death notes (a container that was frozen, a machine without them) leaves a gateway nobody guards.
 * Only for a user that is the private profile's alone.
 *
 * @returns how many were ended
 */
export function endLeftovers(user: UserId | null): number {
  if (user === null || process.platform !== 'linux') return 0
  const pids = processesOf(user.uid)
  for (const pid of pids) end(pid)
  return pids.length
}

/** Numbers of the processes a user runs right now. */
export function processesOf(uid: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && uidOf(name) === uid).map(Number)
}

function uidOf(pid: string): number {
  try {
    return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? -1)
  } catch {
    return -1 // it ended meanwhile
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended by itself
  }
}
