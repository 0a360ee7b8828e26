import type { FileHandle } from 'node:fs/promises'

/** Whole lines, each with its newline, in file order. `bytes` is reused: copy what must outlive the next block. */
export interface Block {
  bytes: Buffer
  /** Where in the file the block begins. */
  at: number
  /** The last line has no newline: the file ends there, or the line is longer than any of ours. */
  unfinished: boolean
}

// A block is judged without giving up the thread: at two microseconds a line 256 KiB keep everybody else waiting for
// little more than a millisecond. It also bounds a line, at four times what the log writes.
export const blockBytes = 256 * 1024
/** The byte that ends a line. */
export const newline = 0x0a

/** Reads a file forward. Whatever the size of the file, two blocks of memory. */
export async function* readForward(handle: FileHandle, from = 0): AsyncGenerator<Block> {
  const buffer = Buffer.allocUnsafe(blockBytes)
  let kept = 0
  for (let at = from; ; ) {
    const { bytesRead } = await handle.read(buffer, kept, blockBytes - kept, at + kept)
    const filled = kept + bytesRead
    if (bytesRead === 0) {
      if (filled > 0) yield { bytes: buffer.subarray(0, filled), at, unfinished: true }
      return
    }
    const end = buffer.subarray(0, filled).lastIndexOf(newline) + 1
    if (end > 0) yield { bytes: buffer.subarray(0, end), at, unfinished: false }
    buffer.copyWithin(0, end, filled)
    kept = filled - end
    at += end
  }
}

/** Reads a file from its end. What follows the last newline is left out. Ends at a line longer than any of ours. */
export async function* readBackward(handle: FileHandle): AsyncGenerator<Block> {
  const buffer = Buffer.allocUnsafe(blockBytes)
  let end = await endOfLines(handle, buffer)
  while (end > 0) {
    const at = Math.max(0, end - blockBytes)
    const { bytesRead } = await handle.read(buffer, 0, end - at, at)
    const bytes = buffer.subarray(0, bytesRead)
    // Unless the file begins here, the block's first line began before it: it belongs to the next block.
    const start = at === 0 ? 0 : bytes.indexOf(newline) + 1
    if (start === bytesRead) {
      yield { bytes, at, unfinished: true }
      return
    }
    yield { bytes: bytes.subarray(start), at: at + start, unfinished: false }
    end = at + start
  }
}

/** Offset behind the last newline, 0 when there is none. */
export async function endOfLines(handle: FileHandle, buffer = Buffer.allocUnsafe(blockBytes)): Promise<number> {
  for (let end = (await handle.stat()).size; end > 0; ) {
    const at = Math.max(0, end - blockBytes)
    const { bytesRead } = await handle.read(buffer, 0, end - at, at)
    const found = buffer.subarray(0, bytesRead).lastIndexOf(newline)
    if (found >= 0) return at + found + 1
    end = at
  }
  return 0
}

/** The lines of a block, without their newlines, as views into it. */
export function* linesOf(block: Block): Generator<Buffer> {
  const { bytes } = block
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start)
    const end = found < 0 ? bytes.length : found
    yield bytes.subarray(start, end)
    start = end + 1
  }
}
