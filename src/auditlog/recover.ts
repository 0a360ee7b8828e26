import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { isNodeError, type HardshellError } from '../base/index.ts'
import type { Tip } from './chain.ts'
import { auditlogError } from './errors.ts'
import { readHead } from './head.ts'
import { parseLine } from './parse-line.ts'
import { endOfLines, linesOf, readBackward, readForward } from './read-lines.ts'
import { listSegments } from './segments.ts'

/** What an earlier writer left behind. */
export interface Recovered {
  tip: Tip | null
  /** Length of the active file up to its last newline. */
  bytes: number
  /** Place of the active file's first entry; of the next entry when it is empty. */
  firstSeq: number
  /** No active file: a new log, or a crash between the two halves of a rotation. */
  isMissing: boolean
  /** Length of a half-written line behind `bytes`. It was never acknowledged. */
  torn: number
  /** There are entries but no head record that says how many there should be. */
  lacksHead: boolean
}

/**
 * Finds where to go on. Reads only.
 * @throws HardshellError `auditlog.chain-broken` when the last line is no entry, or entries are missing from the end
 */
export async function recover(path: string): Promise<Recovered> {
  const active = await readEnds(path)
  const before = active?.last ? null : await endOfSegments(path)
  const tip = active?.last ?? before
  const head = await readHead(path)
  if (head !== null && head !== 'unreadable') refuseIfShort(path, tip, head)
  return {
    tip,
    bytes: active?.bytes ?? 0,
    firstSeq: active?.first?.seq ?? (before?.seq ?? -1) + 1,
    isMissing: active === null,
    torn: active?.torn ?? 0,
    lacksHead: tip !== null && (head === null || head === 'unreadable'),
  }
}

interface Ends {
  first: Tip | null
  last: Tip | null
  bytes: number
  torn: number
}

/** @returns `null` when there is no such file */
async function readEnds(path: string): Promise<Ends | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (isNodeError(error, 'ENOENT')) return null
    throw error
  })
  if (handle === null) return null
  try {
    const bytes = await endOfLines(handle)
    const torn = (await handle.stat()).size - bytes
    if (bytes === 0) return { first: null, last: null, bytes, torn }
    const { value: front } = await readForward(handle).next()
    const { value: back } = await readBackward(handle).next()
    const first = tipOf(path, front && linesOf(front).next().value)
    return { first, last: tipOf(path, back && [...linesOf(back)].at(-1)), bytes, torn }
  } finally {
    await handle.close()
  }
}

function tipOf(path: string, line: Buffer | undefined | void): Tip {
  const parsed = line ? parseLine(line) : 'longer than any line of this log'
  if (typeof parsed === 'string') throw broken(path, `a line that should be an entry is not: ${parsed}`)
  return { seq: parsed.entry.seq, digest: parsed.digest }
}

async function endOfSegments(path: string): Promise<Tip | null> {
  const newest = (await listSegments(path)).at(-1)
  if (!newest) return null
  const ends = await readEnds(newest.path)
  // A finished segment was synced whole before it got its name.
  if (!ends?.last || ends.torn > 0) throw broken(newest.path, 'a finished segment does not end with a whole entry')
  return ends.last
}

/** The head record is written after the lines are on the disk, so no crash and no power cut puts it ahead of them. */
function refuseIfShort(path: string, tip: Tip | null, head: { seq: number; hash: string }): void {
  const last = tip?.seq ?? -1
  if (head.seq > last) throw broken(path, `the log ends at seq ${last}, its head record says ${head.seq}`)
  if (head.seq === last && tip && head.hash !== `sha256:${tip.digest}`) {
    throw broken(path, `the last entry is not the one its head record names`)
  }
}

function broken(path: string, what: string): HardshellError {
  return auditlogError('auditlog.chain-broken', `${path}: ${what}`, {
    hint: 'run: hardshell audit verify; to start a new chain, move the whole directory aside as evidence',
  })
}
