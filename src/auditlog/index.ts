/**
 * The record of what was asked, decided and done. JSON lines, each carrying the SHA-256 of the line before it, in
 * one file that is rotated into numbered segments without interrupting the chain.
 *
 * Promises: an entry is acknowledged only when it is on the disk, and is then never lost, not even by `kill -9`; one
 * that is only handed over (`write`) survives `kill -9` from that moment on, and says when it is durable too.
 * What cannot be written is rejected, and the caller's answer is no. Any edit, removal, repetition, reordering or
 * shortening of the files is found by `verifyLog`, which names the first bad line. One process writes; any number
 * read, at any time. Whoever can write to the directory can rewrite all of it consistently: that is what signed
 * checkpoints and copies off the machine are for, not this chain.
 */
export {
  eventTypes,
  type AuditSink,
  type AuditWriter,
  type Entry,
  type EventType,
  type Handed,
  type NewEntry,
  type Receipt,
  type TurnWriter,
} from './entry.ts'
export { auditlogErrors, type AuditlogErrorCode } from './errors.ts'
export { openAuditLog, type AuditLog, type AuditLogSettings } from './open.ts'
export { systemDisk, type Disk, type LogFile } from './disk.ts'
export { isBeingWritten } from './lock.ts'
export { verifyLog, type HeadFinding, type Verification } from './verify.ts'
export type { FirstBad } from './walk.ts'
export type { AuditQuery } from './match.ts'
export { searchLog, type UnreadableLine } from './search.ts'
export { followLog, type FollowFrom } from './follow.ts'
export { pickEntries, type Picked, type PickOptions } from './pick.ts'
export { tailEntries } from './tail.ts'
