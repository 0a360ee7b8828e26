import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isNodeError } from '../base/index.ts'

/** One finished file of the log. */
export interface Segment {
  path: string
  /** Its first entry's place in the chain, as its name says. */
  firstSeq: number
}

/** `audit.log.000000001234`: twelve digits sort by name and last for 200 years at 150,000 entries a second. */
export function segmentPath(path: string, firstSeq: number): string {
  return `${path}.${String(firstSeq).padStart(12, '0')}`
}

/**
 * The finished files of a log, oldest first; the active file is not among them.
 * @returns nothing when the directory does not exist
 */
export async function listSegments(path: string): Promise<Segment[]> {
  const name = `${basename(path)}.`
  const segments: Segment[] = []
  for (const file of await namesIn(dirname(path))) {
    const digits = file.startsWith(name) ? file.slice(name.length) : ''
    if (/^\d{12,}$/.test(digits)) segments.push({ path: join(dirname(path), file), firstSeq: Number(digits) })
  }
  return segments.sort((a, b) => a.firstSeq - b.firstSeq)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return []
    throw error
  }
}
