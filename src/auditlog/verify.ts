import { basename } from 'node:path'
import { auditlogError } from './errors.ts'
import { headPath, readHead, type HeadRecord } from './head.ts'
import { isBeingWritten } from './lock.ts'
import { blockBytes, readForward } from './read-lines.ts'
import { openIfThere, takeSnapshot, type Snapshot, type SnapshotFile } from './snapshot.ts'
import { Walk, type FirstBad } from './walk.ts'

/**
 * What the head record says of the end: `match` the log ends where it says; `ahead` the log is longer (the record may
 * lag after a power cut); `short` entries are missing from the end; `differs` another entry stands in the place of
 * the one it names; `unreadable` it is damaged; `absent` there is none, which is in order for a single copied file;
 * `unreached` a bad line came first.
 */
export type HeadFinding = 'match' | 'ahead' | 'short' | 'differs' | 'unreadable' | 'absent' | 'unreached'

/** The answer about a whole log, or one of its files. */
export interface Verification {
  ok: boolean
  /** Entries that hold, from the start up to the first bad line. */
  entries: number
  /** `null` exactly when `ok`. */
  firstBad: FirstBad | null
  head: HeadFinding
}

/**
 * Checks every line: JSON, UTF-8, place in the chain, hash of the line before; that the files join; that nothing is
 * missing from the end. Constant memory, about two microseconds per entry. A log may be verified while it is written.
 *
 * @param what `path`: a live log with all its segments, from entry 0 on. `file`: one segment or copy alone, whose
 *   first line is taken at its word unless it is entry 0.
 * @throws HardshellError `auditlog.not-found`
 */
export async function verifyLog(what: { path: string } | { file: string }): Promise<Verification> {
  const isWhole = 'path' in what
  const path = isWhole ? what.path : what.file
  // Before the lines: whatever is acknowledged meanwhile only makes the log longer than this says.
  const head = await readHead(path)
  const snapshot = isWhole ? await takeSnapshot(path) : await snapshotOfOne(path)
  if (snapshot.files.length === 0 && (head === null || !isWhole)) throw notFound(path)
  const record = head === 'unreadable' ? null : head
  const walk = new Walk(isWhole ? 'genesis' : 'anywhere', record?.seq ?? -1)
  try {
    for (const file of snapshot.files) await walkFile(walk, file, path)
  } finally {
    await snapshot.close()
  }
  walk.finish(record && { seq: record.seq, digest: digestOf(record) })
  return conclude(walk, path, isWhole, head)
}

async function snapshotOfOne(file: string): Promise<Snapshot> {
  const handle = await openIfThere(file)
  const files = handle ? [{ path: file, firstSeq: null, open: () => Promise.resolve(handle) }] : []
  return { files, close: async () => await handle?.close() }
}

async function walkFile(walk: Walk, file: SnapshotFile, path: string): Promise<void> {
  if (walk.bad) return
  walk.beginFile()
  const handle = await file.open()
  try {
    const { size } = await handle.stat()
    for await (const block of readForward(handle)) {
      // Not beyond what was there at first: a busy writer could keep us reading for ever.
      if (walk.bad || block.at >= size) return
      if (!block.unfinished) walk.takeBlock(file.path, block)
      else if (block.bytes.length >= blockBytes) walk.takeRest(file.path, `line is longer than ${blockBytes} bytes`)
      // A writer in the middle of its next lines is no finding; one that is gone left half a line.
      else if (file.path !== path || !(await isBeingWritten(path))) walk.takeRest(file.path, 'last line has no newline')
    }
  } finally {
    await handle.close()
  }
}

function conclude(walk: Walk, path: string, isWhole: boolean, head: HeadRecord | 'unreadable' | null): Verification {
  const { entries, bad } = walk
  if (bad) return { ok: false, entries, firstBad: bad, head: head === null ? 'absent' : 'unreached' }
  const place = { file: headPath(path), line: 0, seq: null }
  if (head === 'unreadable') {
    const firstBad = { ...place, reason: 'the head record is damaged: entries may be missing from the end' }
    return { ok: false, entries, firstBad, head }
  }
  if (head === null) {
    const firstBad = { ...place, reason: 'the head record is missing: entries may be missing from the end' }
    return { ok: !isWhole, entries, firstBad: isWhole ? firstBad : null, head: 'absent' }
  }
  return compareEnds(walk, path, isWhole, head)
}

function compareEnds(walk: Walk, path: string, isWhole: boolean, head: HeadRecord): Verification {
  const { entries, last, watched } = walk
  // A fresh active file alone has no entry to compare with; the record knows how many bytes it should have.
  if (!last && !isWhole && head.file === basename(path) && head.bytes === 0) {
    return { ok: true, entries, firstBad: null, head: 'match' }
  }
  const lastSeq = last?.seq ?? -1
  if (head.seq > lastSeq) {
    const line = last?.file === path ? last.line + 1 : 1
    const reason = `entries ${lastSeq + 1} to ${head.seq} are missing from the end`
    return { ok: false, entries, firstBad: { file: path, line, seq: lastSeq + 1, reason }, head: 'short' }
  }
  if (watched && watched.digest !== digestOf(head)) {
    const { file, line, seq } = watched
    const firstBad = { file, line, seq, reason: 'changed: its hash is not the one in the head record' }
    return { ok: false, entries: entries - 1 - (lastSeq - seq), firstBad, head: 'differs' }
  }
  return { ok: true, entries, firstBad: null, head: head.seq === lastSeq ? 'match' : 'ahead' }
}

function digestOf(head: HeadRecord): string {
  return head.hash.slice('sha256:'.length)
}

function notFound(path: string): Error {
  return auditlogError('auditlog.not-found', `no audit log at ${path}`, {
    hint: 'hardshell audit verify --file audit.log, or --state DIR for the log of an installation',
  })
}
