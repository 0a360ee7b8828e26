import { setTimeout as sleep } from 'node:timers/promises'
import type { Entry, EventType } from './entry.ts'
import { auditlogError } from './errors.ts'
import { openCursor, passOver, takeBlock, whatIsNew, type Cursor, type FollowFrom } from './follow.ts'
import { readHead } from './head.ts'
import { parseEntry, seqOfLine } from './parse-line.ts'
import { linesOf, newline, type Block } from './read-lines.ts'

/** What a look at the log brought. */
export interface Picked {
  /** Entries of the wanted kinds, oldest first. */
  entries: Entry[]
  /** Whoever goes on from here later misses none and gets none twice. */
  nextSeq: number
}

export interface PickOptions {
  path: string
  /** Default `end`. */
  from?: FollowFrom
  types: readonly EventType[]
  /** How long between looks; default half a second. */
  everyMs?: number
  /** Told of each line that is no entry: it is passed over, and the next one read. Left out: it ends the following. */
  onBroken?: () => void
}

// Whoever acts on a batch does so in one go: some hundred entries keep everybody else waiting for a millisecond or two.
const batchEntries = 256
// A rotation is over within milliseconds; ten seconds of looks without a file that holds the next entry are a hole.
const maxMissedLooks = 20

/**
 * Follows the log for a few kinds of entries, for next to nothing: of what holds none of them, only the ends of blocks
 * are read. Every look that found the log longer gives a batch, also one without entries.
 * @throws HardshellError `auditlog.not-found`, `auditlog.chain-broken`, as `followLog`, and the second also when a part
 *   of the log is gone; lines that hold no wanted kind are not looked at, `verifyLog` does that
 */
export async function* pickEntries({ path, from = 'end', types, everyMs = 500, onBroken }: PickOptions, signal: AbortSignal): AsyncGenerator<Picked> {
  const marks = types.map((type) => Buffer.from(`"event_type":"${type}"`))
  const wanted = new Set<string>(types)
  const read = (block: Block, cursor: Cursor, lastSeq: number): Generator<Entry> => pickFrom(block, cursor, lastSeq, { marks, wanted })
  const cursor = await openCursor(path, from, onBroken)
  let missed = 0
  try {
    while (!signal.aborted) {
      if (await isAllRead(cursor)) {
        await pause(everyMs, signal)
        continue
      }
      const before = cursor.nextSeq
      let entries: Entry[] = []
      for await (const entry of whatIsNew(cursor, read)) {
        entries.push(entry)
        if (entries.length < batchEntries) continue
        yield { entries, nextSeq: entry.seq + 1 }
        entries = []
        if (signal.aborted) return
      }
      const isNew = cursor.nextSeq !== before
      if (isNew) yield { entries, nextSeq: cursor.nextSeq }
      missed = !isNew && cursor.handle === null && (await isWritten(cursor)) ? missed + 1 : 0
      // A look reads to the end of a file: the next one can wait, also while the log grows all the time. Only a file
      // that is finished has a successor to go on with at once.
      if (isNew && cursor.handle === null) continue
      if (missed >= maxMissedLooks) throw auditlogError('auditlog.chain-broken', `${path}: no file holds seq ${cursor.nextSeq}`, { hint: 'run: hardshell audit verify' })
      await pause(everyMs, signal)
    }
  } finally {
    await cursor.handle?.close()
  }
}

/** Most looks find nothing, and the head record alone tells: one small file instead of four calls and a buffer. */
async function isAllRead({ path, nextSeq, handle }: Cursor): Promise<boolean> {
  const head = handle === null ? null : await readHead(path)
  return head !== null && head !== 'unreadable' && head.seq < nextSeq
}

/** Is the next entry there, by the head record? */
async function isWritten({ path, nextSeq }: Cursor): Promise<boolean> {
  const head = await readHead(path)
  return head !== null && head !== 'unreadable' && head.seq >= nextSeq
}

async function pause(everyMs: number, signal: AbortSignal): Promise<void> {
  await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {}) // ended early: whoever paused looks at the signal next
}

interface Wanted {
  marks: readonly Buffer[]
  wanted: ReadonlySet<string>
}

function* pickFrom(block: Block, cursor: Cursor, lastSeq: number, { marks, wanted }: Wanted): Generator<Entry> {
  if (!marks.some((mark) => block.bytes.includes(mark)) && skip(block, cursor, lastSeq)) return
  const mayHold = (line: Buffer): boolean => marks.some((mark) => line.includes(mark))
  for (const line of takeBlock(block, cursor, lastSeq)) {
    if (!mayHold(line)) continue
    const entry = parseEntry(line.toString('utf8'))
    if (entry === null) passOver(cursor, 0)
    // A text of somebody else's may hold the mark too: the parsed line decides.
    else if (wanted.has(entry.event_type)) yield entry
  }
}

/** Passes over a block whose lines were all acknowledged. @returns whether it was one */
function skip({ bytes, unfinished }: Block, cursor: Cursor, lastSeq: number): boolean {
  if (unfinished) return false
  const [last] = linesOf({ bytes: bytes.subarray(bytes.lastIndexOf(newline, -2) + 1), at: 0, unfinished: false })
  const seq = last === undefined ? null : seqOfLine(last)
  if (seq === null || seq > lastSeq) return false
  cursor.nextSeq = Math.max(cursor.nextSeq, seq + 1)
  cursor.at += bytes.length
  return true
}
