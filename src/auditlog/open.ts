import { mkdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Clock } from '../base/index.ts'
import { ActiveFile } from './active.ts'
import { createChain, noDigest } from './chain.ts'
import { systemDisk, type Disk } from './disk.ts'
import type { NewEntry, TurnWriter } from './entry.ts'
import { auditlogError } from './errors.ts'
import { GroupCommit } from './group-commit.ts'
import { openHead } from './head.ts'
import { takeLock } from './lock.ts'
import { recover, type Recovered } from './recover.ts'

/** A log that is open for writing. One per log, in one process. */
export interface AuditLog extends TurnWriter {
  /** Last entry known to be on the disk. `null`: none yet. */
  head(): { seq: number; hash: string } | null
  /**
   * Resolves when everything appended so far is on the disk.
   * @throws HardshellError `auditlog.write-failed` when it could not be written
   */
  flush(): Promise<void>
  /** Writes what is queued and gives the log to the next writer. A second call does nothing. */
  close(): Promise<void>
}

export interface AuditLogSettings {
  /** The active file, such as `<state>/audit/audit.log`; head, lock and older segments stand beside it. */
  path: string
  /** Size at which the active file becomes a numbered segment. Default 64 MiB. */
  rotateBytes?: number
  /** Permission bits of every file, default 0600. A directory that is created gets the matching search bits. */
  mode?: number
}

// About 160,000 entries: verified in a fifth of a second, sent off the machine in one request, and small enough that
// retention by whole segments wastes little. A year of one busy gateway stays in the hundreds of files.
const defaultRotateBytes = 64 * 1024 * 1024

/**
 * Opens or creates a log and takes the writer's place. After a crash it goes on behind the last whole line; what it
 * had to cut, or misses, becomes the first new entry.
 * @throws HardshellError `auditlog.locked`, `auditlog.chain-broken`, `auditlog.write-failed`
 */
export async function openAuditLog(
  settings: AuditLogSettings,
  { clock, disk = systemDisk }: { clock: Clock; disk?: Disk },
): Promise<AuditLog> {
  const { path, mode = 0o600 } = settings
  await mkdir(dirname(path), { recursive: true, mode: withSearchBits(mode) })
  const lock = await takeLock(path, mode)
  const release = (): Promise<void> => lock.release()
  const found = await orElse(recover(path), release)
  const active = await orElse(openActive(settings, found, disk), release)
  const log = createLog(active, clock, release)
  await orElse(tell(log, found), () => log.close())
  return log
}

async function orElse<T>(work: Promise<T>, undo: () => Promise<void>): Promise<T> {
  try {
    return await work
  } catch (error) {
    await undo()
    throw error
  }
}

async function openActive(settings: AuditLogSettings, found: Recovered, disk: Disk): Promise<ActiveFile> {
  const { path, mode = 0o600, rotateBytes = defaultRotateBytes } = settings
  const { tip, bytes, firstSeq } = found
  const file = disk.open(path, { mode, how: found.isMissing ? 'create' : 'existing' })
  const head = await orElse(openHead(path, mode), async () => file.close())
  const ready = async (): Promise<void> => {
    // Also with nothing to cut: whole lines of a killed writer may still be in memory only.
    file.cut(bytes)
    head.write({ seq: tip?.seq ?? -1, hash: `sha256:${tip?.digest ?? noDigest}`, bytes, file: basename(path) })
    await head.sync()
    disk.syncFolder(dirname(path))
  }
  await orElse(ready(), async () => {
    await head.close()
    file.close()
  })
  return new ActiveFile({ path, mode, rotateBytes, file, head, bytes, firstSeq, tip }, disk)
}

function createLog(active: ActiveFile, clock: Clock, release: () => Promise<void>): AuditLog {
  const commits = new GroupCommit(active, createChain(active.durableTip, clock))
  let closing: Promise<void> | null = null
  const refuseIfClosed = (): void => {
    if (closing) throw closed()
  }

  async function close(): Promise<void> {
    await commits.flush().catch(() => {}) // whoever waited for an entry was told
    commits.stop()
    await active.close()
    await release()
  }

  return {
    async append(entry) {
      refuseIfClosed()
      return await commits.append(entry)
    },
    write(entry) {
      refuseIfClosed()
      return commits.write(entry)
    },
    writeThisTurn(entry) {
      if (closing) return Promise.reject(closed())
      return commits.writeThisTurn(entry)
    },
    note(entry) {
      refuseIfClosed()
      commits.note(entry)
    },
    head() {
      const tip = active.durableTip
      return tip && { seq: tip.seq, hash: `sha256:${tip.digest}` }
    },
    flush: () => commits.flush(),
    close: () => (closing ??= close()),
  }
}

function closed(): Error {
  return auditlogError('auditlog.closed', 'audit log is closed')
}

/** What was found out of order belongs into the record. */
async function tell(log: AuditLog, found: Recovered): Promise<void> {
  const notes: NewEntry[] = []
  if (found.torn > 0) {
    const reason = `log recovered: cut ${found.torn} bytes of an unacknowledged line`
    notes.push({ event_type: 'lifecycle', severity: 'warning', reason })
  }
  if (found.lacksHead) {
    const reason = 'log opened without its head record: whole entries may be missing before this one'
    notes.push({ event_type: 'lifecycle', severity: 'high', reason })
  }
  await Promise.all(notes.map((note) => log.append(note)))
}

/** 0600 becomes 0700, 0640 becomes 0750: a directory is of use to who may search it. */
function withSearchBits(mode: number): number {
  return mode | ((mode & 0o444) >> 2)
}
