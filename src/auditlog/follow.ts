import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditlogError } from './errors.ts'
import type { Entry } from './entry.ts'
import { readHead } from './head.ts'
import { isBeingWritten } from './lock.ts'
import { fileHolding, oldestSeq } from './locate.ts'
import { parseEntry, seqOfLine } from './parse-line.ts'
import { blockBytes, linesOf, readForward, type Block } from './read-lines.ts'
import { inodeAt } from './snapshot.ts'
import { tailEntries } from './tail.ts'

/** `start`: the oldest entry there is. `end`: only what comes. A number: from that place in the chain on. */
export type FollowFrom = 'start' | 'end' | number

// Half of what a person feels as a delay; one look costs three system calls. Watching would tell sooner, but not on
// every file system, and a follower that hears nothing looks the same as one with nothing to hear.
const lookEveryMs = 200

/**
 * Entries as they are acknowledged, across rotations, none lost and none twice. Waits for a log that is not there
 * yet; ends when `signal` aborts.
 * @param where.from default `end`
 * @throws HardshellError `auditlog.not-found` when the log does not reach back to the place asked for
 * @throws HardshellError `auditlog.chain-broken` when a line is no entry
 */
export async function* followLog(
  { path, from = 'end' }: { path: string; from?: FollowFrom },
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const cursor = await openCursor(path, from)
  try {
    while (!signal.aborted) {
      const before = cursor.nextSeq
      for await (const entry of whatIsNew(cursor, entriesIn)) {
        yield entry
        if (signal.aborted) return
      }
      if (cursor.nextSeq === before) await pause(signal)
    }
  } finally {
    await cursor.handle?.close()
  }
}

/** How far somebody has read. */
export interface Cursor {
  path: string
  /** The place of the next entry to hand out. */
  nextSeq: number
  /** The file that entry is in, or will be. `null`: still to be found. */
  handle: FileHandle | null
  inode: number
  /** Offset of the first line that was not handed out. */
  at: number
  /** There were lines that nobody acknowledged yet. */
  isHeldBack: boolean
  /** Told of each line that is no entry, and it is passed over; `null`: it ends the reading. */
  onBroken: (() => void) | null
}

/** A place to read on from; no file is open yet. @throws HardshellError `auditlog.not-found` */
export async function openCursor(path: string, from: FollowFrom, onBroken: Cursor['onBroken'] = null): Promise<Cursor> {
  return { path, nextSeq: await firstWanted(path, from), handle: null, inode: 0, at: 0, isHeldBack: false, onBroken }
}

async function firstWanted(path: string, from: FollowFrom): Promise<number> {
  const oldest = await oldestSeq(path)
  if (from === 'start') return oldest
  if (from === 'end') {
    const head = await readHead(path)
    return (head !== null && head !== 'unreadable' ? head.seq : ((await tailEntries(path, 1))[0]?.seq ?? -1)) + 1
  }
  if (from >= oldest) return from
  throw auditlogError('auditlog.not-found', `${path} begins at seq ${oldest}, ${from} was asked for`, {
    hint: 'follow from the start instead',
  })
}

/** What was acknowledged since the last look. @param read takes a block and moves the cursor behind what it took */
export async function* whatIsNew(cursor: Cursor, read: (block: Block, cursor: Cursor, lastSeq: number) => Generator<Entry>): AsyncGenerator<Entry> {
  if (!(await findFile(cursor))) return
  // In this order: a file that has lost its name gets no more lines, and a head record read after that covers all.
  const isFinished = (await inodeAt(cursor.path)) !== cursor.inode
  const lastSeq = await acknowledged(cursor)
  cursor.isHeldBack = false
  let isAll = true
  for await (const block of readForward(cursor.handle!, cursor.at)) {
    yield* read(block, cursor, lastSeq)
    if (cursor.isHeldBack) return
    isAll = !isEndless(block)
  }
  if (!isFinished || !isAll) return
  await cursor.handle!.close()
  cursor.handle = null
}

async function findFile(cursor: Cursor): Promise<boolean> {
  if (cursor.handle) return true
  cursor.handle = await fileHolding(cursor.path, cursor.nextSeq)
  if (!cursor.handle) return false
  cursor.inode = (await cursor.handle.stat()).ino
  cursor.at = 0
  return true
}

/**
 * Up to where lines are there to stay: a writer whose sync fails takes back what it wrote. Without a living writer,
 * whatever is there stays.
 */
async function acknowledged({ path, isHeldBack }: Cursor): Promise<number> {
  if (isHeldBack && !(await isBeingWritten(path))) return Number.POSITIVE_INFINITY
  const head = await readHead(path)
  return head === null || head === 'unreadable' ? Number.POSITIVE_INFINITY : head.seq
}

function* entriesIn(block: Block, cursor: Cursor, lastSeq: number): Generator<Entry> {
  for (const line of takeBlock(block, cursor, lastSeq)) {
    yield parseEntry(line.toString('utf8')) ?? fail(noEntry({ ...cursor, at: cursor.at - line.length - 1 }))
  }
}

/** The lines of a block that were not handed out yet and are there to stay; the cursor is behind each as it is given. */
export function* takeBlock(block: Block, cursor: Cursor, lastSeq: number): Generator<Buffer> {
  if (isEndless(block)) passOver(cursor, block.bytes.length)
  if (block.unfinished) return
  for (const line of linesOf(block)) {
    const seq = seqOfLine(line)
    if (seq === null) {
      passOver(cursor, line.length + 1)
      continue
    }
    if (seq > lastSeq) {
      cursor.isHeldBack = true
      return
    }
    cursor.at += line.length + 1
    if (seq < cursor.nextSeq) continue
    cursor.nextSeq = seq + 1
    yield line
  }
}

/** A line longer than any of ours: what was read is a part of it. */
function isEndless({ unfinished, bytes }: Block): boolean {
  return unfinished && bytes.length >= blockBytes
}

/** So many bytes are no entry. @throws HardshellError `auditlog.chain-broken`, unless the cursor has somebody to tell */
export function passOver(cursor: Cursor, bytes: number): void {
  if (cursor.onBroken === null) throw noEntry(cursor)
  cursor.onBroken()
  cursor.at += bytes
}

function noEntry({ path, at, nextSeq }: Cursor): Error {
  return auditlogError('auditlog.chain-broken', `${path}: no entry at byte ${at}, where seq ${nextSeq} should be`, {
    hint: 'run: hardshell audit verify',
  })
}

function fail(error: Error): never {
  throw error
}

async function pause(signal: AbortSignal): Promise<void> {
  // Aborting ends the pause early; whoever paused looks at the signal next.
  await sleep(lookEveryMs, undefined, { signal }).catch(() => {})
}
