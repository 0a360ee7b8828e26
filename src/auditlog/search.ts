import { auditlogError } from './errors.ts'
import type { Entry } from './entry.ts'
import { matches, needlesOf, type AuditQuery } from './match.ts'
import { parseEntry } from './parse-line.ts'
import { blockBytes, linesOf, readBackward, readForward, type Block } from './read-lines.ts'
import { openIfThere, takeSnapshot, type SnapshotFile } from './snapshot.ts'

/** Where a line stands that is no entry. */
export interface UnreadableLine {
  file: string
  /** Offset of the line. */
  byte: number
}

/**
 * The entries that answer a query, over all segments, without holding more than a block of them.
 *
 * @param unreadable told of a line that may have matched but cannot be read. Default: the search ends there, because
 *   an answer that leaves out damaged lines looks complete and is not.
 * @throws HardshellError `auditlog.chain-broken`
 */
export async function* searchLog(
  { path }: { path: string },
  query: AuditQuery,
  { unreadable = refuse }: { unreadable?: (line: UnreadableLine) => void } = {},
): AsyncGenerator<Entry> {
  let left = query.limit ?? Number.POSITIVE_INFINITY
  if (left <= 0) return
  const needles = needlesOf(query)
  const snapshot = await takeSnapshot(path)
  try {
    const files = await withinTime(snapshot.files, query)
    for (const file of query.newestFirst ? files.toReversed() : files) {
      for await (const block of blocksOf(file, query.newestFirst ?? false)) {
        for (const entry of matchesIn(block, file.path, { query, needles, unreadable })) {
          yield entry
          if (--left <= 0) return
        }
      }
    }
  } finally {
    await snapshot.close()
  }
}

async function* blocksOf(file: SnapshotFile, newestFirst: boolean): AsyncGenerator<Block> {
  const handle = await file.open()
  try {
    yield* newestFirst ? readBackward(handle) : readForward(handle)
  } finally {
    await handle.close()
  }
}

interface Looking {
  query: AuditQuery
  needles: Buffer[]
  unreadable: (line: UnreadableLine) => void
}

function* matchesIn(block: Block, file: string, { query, needles, unreadable }: Looking): Generator<Entry> {
  // A line that has no end yet is still being written; one too long for a block is none of ours.
  if (block.unfinished) return block.bytes.length < blockBytes ? undefined : unreadable({ file, byte: block.at })
  if (needles.some((needle) => !block.bytes.includes(needle))) return
  const lines = [...linesOf(block)]
  for (const line of query.newestFirst ? lines.reverse() : lines) {
    if (needles.some((needle) => !line.includes(needle))) continue
    const entry = parseEntry(line.toString('utf8'))
    if (entry === null) unreadable({ file, byte: block.at + line.byteOffset - block.bytes.byteOffset })
    else if (matches(entry, query)) yield entry
  }
}

function refuse({ file, byte }: UnreadableLine): never {
  throw auditlogError('auditlog.chain-broken', `${file}: the line at byte ${byte} is no entry`, {
    hint: 'run: hardshell audit verify',
  })
}

// The next file's first entry bounds this file's last one, if the clock went forward. It may have been set back
// while the file was written; more than an hour is not a correction any more.
const clockSlackMs = 3_600_000

/** Leaves out files that were finished before the time asked for, or begun after it. */
async function withinTime(files: SnapshotFile[], { since, until }: AuditQuery): Promise<SnapshotFile[]> {
  if (since === undefined && until === undefined) return files
  const starts = await Promise.all(files.map(startOf))
  return files.filter(({ firstSeq }, i) => {
    const [start, next] = [starts[i] ?? null, starts[i + 1] ?? null]
    if (since !== undefined && next !== null && next < since - clockSlackMs) return false
    // Not the active file: its name may stand for a younger one by now.
    return !(until !== undefined && firstSeq !== null && start !== null && start > until + clockSlackMs)
  })
}

/** Time of a file's first entry, read without the rest of it. `null`: it has none, or it cannot be read. */
async function startOf({ path }: SnapshotFile): Promise<number | null> {
  const handle = await openIfThere(path)
  if (handle === null) return null
  try {
    // seq has at most 16 digits: the timestamp is over after 64 bytes.
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    const match = /^\{"seq":\d+,"timestamp":"([^"]+)"/.exec(buffer.toString('latin1', 0, bytesRead))
    const at = Date.parse(match?.[1] ?? '')
    return Number.isNaN(at) ? null : at
  } finally {
    await handle.close()
  }
}
