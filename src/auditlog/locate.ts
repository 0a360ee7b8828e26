import type { FileHandle } from 'node:fs/promises'
import { seqOfLine } from './parse-line.ts'
import { linesOf, readBackward, readForward } from './read-lines.ts'
import { listSegments, type Segment } from './segments.ts'
import { openIfThere } from './snapshot.ts'

/** Place of the oldest entry a log still has; 0 for an empty one. */
export async function oldestSeq(path: string): Promise<number> {
  const [oldest] = await listSegments(path)
  if (oldest) return oldest.firstSeq
  const active = await openIfThere(path)
  if (!active) return 0
  try {
    return (await firstSeqOf(active)) ?? 0
  } finally {
    await active.close()
  }
}

/**
 * Opens the file in which an entry stands, or, if it is the next one to come, will stand.
 * @returns `null` while that cannot be told: nothing is there yet, or a rotation is under way
 */
export async function fileHolding(path: string, seq: number): Promise<FileHandle | null> {
  const active = await openIfThere(path)
  const activeFirst = active && (await firstSeqOf(active))
  if (active && activeFirst !== null && activeFirst <= seq) return active
  const segment = (await listSegments(path)).findLast(({ firstSeq }) => firstSeq <= seq)
  const found = segment && (await openIfReaching(segment, seq))
  if (found) {
    await active?.close()
    return found
  }
  // An active file that was empty when looked at, and no segment reaching so far: it will be the first entry there,
  // unless a rotation came between the two looks; then the name of the file's segment tells, the next time.
  if (active && activeFirst === null) return active
  await active?.close()
  return null
}

async function openIfReaching(segment: Segment, seq: number): Promise<FileHandle | null> {
  const handle = await openIfThere(segment.path)
  if (!handle) return null
  if (((await lastSeqOf(handle)) ?? -1) >= seq) return handle
  await handle.close()
  return null
}

async function firstSeqOf(handle: FileHandle): Promise<number | null> {
  for await (const block of readForward(handle)) return block.unfinished ? null : firstOf(linesOf(block))
  return null
}

async function lastSeqOf(handle: FileHandle): Promise<number | null> {
  for await (const block of readBackward(handle)) return firstOf([...linesOf(block)].reverse())
  return null
}

function firstOf(lines: Iterable<Buffer>): number | null {
  for (const line of lines) return seqOfLine(line)
  return null
}
