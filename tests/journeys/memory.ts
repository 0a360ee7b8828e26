import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { isAlive } from './processes.ts'

// Read in pieces, so that a gateway of half a gigabyte does not become one of ours.
const pieceBytes = 8 * 1024 * 1024

/**
 * Which of the texts stand in the memory of a process, as V8 keeps strings: one or two bytes for each character. Of a
 * process that has ended: none.
 * @throws when it runs and nothing of it can be read: then nobody knows
 */
export function textsInMemory(pid: number, texts: readonly string[]): string[] {
  try {
    return search(pid, texts)
  } catch (error) {
    if (isAlive(pid)) throw error
    return []
  }
}

function search(pid: number, texts: readonly string[]): string[] {
  const needles = texts.map((text) => ({ text, forms: [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')] }))
  const overlap = Math.max(...needles.flatMap(({ forms }) => forms.map(({ length }) => length)))
  const found = new Set<string>()
  let read = 0
  for (const piece of pieces(pid, overlap)) {
    read += piece.length
    for (const { text, forms } of needles) if (forms.some((form) => piece.includes(form))) found.add(text)
  }
  if (read === 0) throw new Error(`nothing of the memory of ${pid} could be read`)
  return texts.filter((text) => found.has(text))
}

function* pieces(pid: number, overlap: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const buffer = Buffer.alloc(pieceBytes)
  try {
    for (const [start, end] of readable(pid)) {
      for (let at = start; at < end; at += BigInt(pieceBytes - overlap)) {
        const left = end - at
        const length = readAt(memory, buffer.subarray(0, left < pieceBytes ? Number(left) : pieceBytes), at)
        if (length > 0) yield buffer.subarray(0, length)
      }
    }
  } finally {
    closeSync(memory)
  }
}

/** Ranges of memory with something in them that may be read. */
function readable(pid: number): [start: bigint, end: bigint][] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/^([0-9a-f]+)-([0-9a-f]+) r\S+ .*$/gm)
  // The kernel's own pages in every process; reading them through /proc is refused.
  return [...lines].filter(([line]) => !/\[(vvar|vsyscall)/.test(line)).map(([, start, end]) => [BigInt(`0x${start}`), BigInt(`0x${end}`)])
}

function readAt(memory: number, into: Buffer, at: bigint): number {
  try {
    return readSync(memory, into, 0, into.length, at)
  } catch {
    return 0 // given back to the kernel since it was listed, or a file that was cut: nothing stands there
  }
}
