import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import type { Entry } from './entry.ts'

/** One line, understood. */
export interface ParsedLine {
  entry: Entry
  /** Digest the line names as its predecessor's, 64 hex digits. */
  previous: string
  /** Digest of the line itself. */
  digest: string
}

/**
 * Reads one line the careful way, checking everything a line can be checked for alone.
 * @param bytes without the newline; attacker-controlled
 * @returns what is wrong with it, as a sentence, when it is not a line this log could have written
 */
export function parseLine(bytes: Buffer): ParsedLine | string {
  if (bytes.length === 0) return 'blank line'
  if (!isUtf8(bytes)) return 'not valid UTF-8'
  const text = bytes.toString('utf8')
  const entry = parseEntry(text)
  if (entry === null) return 'not valid JSON'
  if (!Number.isSafeInteger(entry.seq) || entry.seq < 0) return 'seq is missing or not a whole number'
  if (!text.startsWith(`${frontStart}${entry.seq}${frontEnd}`)) return 'does not begin with seq and timestamp'
  if (typeof entry.timestamp !== 'string' || Number.isNaN(Date.parse(entry.timestamp))) return 'timestamp is not a date'
  if (typeof entry.event_type !== 'string') return 'event_type is missing'
  const tail = /,"prev_hash":"sha256:([0-9a-f]{64})"\}$/.exec(text)
  if (!tail) return 'prev_hash' in entry ? 'prev_hash is not the last key, or malformed' : 'prev_hash is missing'
  return { entry, previous: tail[1]!, digest: hash('sha256', bytes, 'hex') }
}

/** @returns `null` when the text is not a JSON object */
export function parseEntry(text: string): Entry | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : null
  } catch {
    return null
  }
}

/** How every line begins, around its place in the chain. */
export const frontStart = '{"seq":'
export const frontEnd = ',"timestamp":"'
/** How every line ends, around the digest of the line before. */
export const tailStart = ',"prev_hash":"sha256:'
export const tailEnd = '"}'

/** The end of a line that hangs on the line with this digest. */
export function tailOf(digest: string): string {
  return `${tailStart}${digest}${tailEnd}`
}

/** Place of a line in the chain, read without the rest of it. `null`: the line does not begin as ours do. */
export function seqOfLine(line: Buffer): number | null {
  // `{"seq":`, at most 16 digits, a comma.
  const match = /^\{"seq":(\d{1,16}),"timestamp":"/.exec(line.toString('latin1', 0, 40))
  return match ? Number(match[1]) : null
}
