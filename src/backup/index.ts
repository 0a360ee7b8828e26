/**
 * Copies that can be put back: snapshots of the configuration, OpenClaw's and the guard's own, kept whenever one of
 * them is changed or seen to have changed, and copies of OpenClaw's state with its databases.
 *
 * Promises: a snapshot is on the disk, whole, before anybody is told of it; what is put back is byte for byte what was
 * kept, rights included, or nothing is; a number bounds what is kept. Encrypted backups to elsewhere do not exist yet:
 * of their settings this room holds the types.
 */
import type { z } from 'zod'
import type { backupSettings } from './settings.ts'

export { backupErrors } from './errors.ts'
export { differing, restoreSnapshot, settleRestore, type FileHands, type Restored } from './restore.ts'
export { stateCopyArguments } from './state-copy.ts'
export { type Cause, type KeptFile, type Snapshot } from './snapshot.ts'
export { contentOf, findSnapshot, keepSnapshot, listSnapshots, readAll, type ConfigPaths, type Kept, type SnapshotPorts, type ToKeep } from './snapshots.ts'

/** `backupSettings`, read and with every default filled in. */
export type BackupSettings = z.output<typeof backupSettings>
