import { randomBytes } from 'node:crypto'

/** `20261122-014846-846a84`: when a run began (UTC), and what tells it from another of the same second. */
export function newRunId(nowMs: number): string {
  return `${new Date(nowMs).toISOString().replaceAll(/[-:]|\..*/g, '').replace('T', '-')}-${randomBytes(3).toString('hex')}`
}
