import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isNodeError, writeFileAtomic } from '../base/index.ts'
import type { Severity } from './check.ts'
import type { Grade } from './grade.ts'

/** One audit, as it is remembered: places and ids, nothing of what was seen there. */
export interface HistoryEntry {
  /** ISO 8601, UTC. */
  time: string
  /** What was judged and with which checks; only equal ones are compared. */
  subject: string
  grade: Grade
  counts: Readonly<Record<Severity, number>>
  findings: readonly { fingerprint: string; id: string; at: string }[]
}

export interface Difference {
  /** When the earlier audit was, ISO 8601. */
  since: string
  grade: Grade
  new: readonly { id: string; at: string }[]
  fixed: readonly { id: string; at: string }[]
  unchanged: number
}

// Some hundred findings and their places; whatever is larger was not written by us.
const maxFileBytes = 64 * 1024 * 1024

/** What changed since the last audit of the same subject; `null` when there was none. Pure. */
export function differenceTo(earlier: readonly HistoryEntry[], now: Pick<HistoryEntry, 'subject' | 'findings'>): Difference | null {
  const last = earlier.findLast(({ subject }) => subject === now.subject)
  if (last === undefined) return null
  const before = new Set(last.findings.map(({ fingerprint }) => fingerprint))
  const after = new Set(now.findings.map(({ fingerprint }) => fingerprint))
  const named = ({ id, at }: { id: string; at: string }): { id: string; at: string } => ({ id, at })
  return {
    since: last.time,
    grade: last.grade,
    new: now.findings.filter(({ fingerprint }) => !before.has(fingerprint)).map(named),
    fixed: last.findings.filter(({ fingerprint }) => !after.has(fingerprint)).map(named),
    unchanged: now.findings.filter(({ fingerprint }) => before.has(fingerprint)).length,
  }
}

/** Earlier audits, oldest first. A line that was cut short by a full disk is passed over; no file is no history. */
export async function readHistory(path: string): Promise<HistoryEntry[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isNodeError(error, 'ENOENT') || isNodeError(error, 'ENOTDIR')) return ''
    throw error
  })
  if (text.length > maxFileBytes) return []
  return text.split('\n').flatMap((line) => entryOf(line) ?? [])
}

/** Adds a line; once there are a tenth more than `keep`, the oldest are dropped. `earlier` is what `readHistory` gave. */
export async function appendHistory(path: string, entry: HistoryEntry, { earlier, keep }: { earlier: readonly HistoryEntry[]; keep: number }): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const entries = [...earlier, entry]
  if (entries.length <= keep * 1.1) await appendFile(path, lineOf(entry), { mode: 0o600 })
  else await writeFileAtomic(path, entries.slice(-keep).map(lineOf).join(''))
}

function lineOf(entry: HistoryEntry): string {
  return `${JSON.stringify(entry)}\n`
}

function entryOf(line: string): HistoryEntry | null {
  try {
    const entry = JSON.parse(line) as Partial<HistoryEntry>
    const whole = typeof entry.time === 'string' && typeof entry.subject === 'string' && Array.isArray(entry.findings)
    return whole ? (entry as HistoryEntry) : null
  } catch {
    return null
  }
}
