import { messageOf } from '../base/index.ts'
import type { NewEntry } from './entry.ts'
import { auditlogError } from './errors.ts'

// A line is read by people, shipped by syslog (RFC 5425 asks receivers for 8 KiB and up) and held in memory by the
// hundred thousand: 64 KiB is far beyond any summary, and the longest tool argument belongs elsewhere.
export const maxLineBytes = 64 * 1024
// seq, timestamp and prev_hash around the body: 9 + 16, 15 + 27, 15 + 71 characters, and punctuation.
const maxBodyBytes = maxLineBytes - 256

/**
 * The caller's part of a line: the entry as JSON without its braces. Over-long texts are cut and say so.
 * @throws HardshellError `auditlog.entry-invalid` when it is no JSON, or too large even with every text cut
 */
export function bodyOf(entry: NewEntry): string {
  const body = stringify(entry)
  // A UTF-16 unit is at most three bytes of UTF-8: most entries are known to fit without counting.
  if (body.length * 3 <= maxBodyBytes || Buffer.byteLength(body) <= maxBodyBytes) return body
  for (const maxChars of [8192, 1024, 128]) {
    const cut = stringify(cutTexts(entry, maxChars))
    if (Buffer.byteLength(cut) <= maxBodyBytes) return cut
  }
  throw auditlogError('auditlog.entry-invalid', `entry of type ${entry.event_type} has ${body.length} characters`, {
    hint: `keep an entry below ${maxLineBytes} bytes`,
  })
}

function stringify(entry: NewEntry): string {
  // Place, time and predecessor are the log's to give; a second key of that name would make two truths of one line.
  if ('seq' in entry || 'timestamp' in entry || 'prev_hash' in entry) return stringify(withoutReserved(entry))
  try {
    return JSON.stringify(entry).slice(1, -1)
  } catch (error) {
    const message = `entry of type ${entry.event_type} is not JSON: ${messageOf(error)}`
    throw auditlogError('auditlog.entry-invalid', message, { cause: error })
  }
}

function withoutReserved(entry: NewEntry): NewEntry {
  const reserved = new Set(['seq', 'timestamp', 'prev_hash'])
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !reserved.has(key))) as unknown as NewEntry
}

function cutTexts(entry: NewEntry, maxChars: number): NewEntry {
  const cut = (value: unknown): unknown => (typeof value === 'string' ? cutText(value, maxChars) : value)
  const entries = Object.entries(entry).map(([key, value]) => [key, key === 'detail' ? value : cut(value)])
  const short = Object.fromEntries(entries) as NewEntry
  if (!entry.detail) return short
  const detail = Object.entries(entry.detail)
  // Keys cannot be cut without two of them becoming one: a detail that is mostly keys is counted instead.
  const tooMany = detail.length > 64 || detail.some(([key]) => key.length > 128)
  return {
    ...short,
    detail: tooMany
      ? { cut: `detail of ${detail.length} keys` }
      : (Object.fromEntries(detail.map(([key, value]) => [key, cut(value)])) as NonNullable<NewEntry['detail']>),
  }
}

/** `head…[cut 1234 characters]`; never half of a surrogate pair. */
function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const last = text.charCodeAt(maxChars - 1)
  const end = last >= 0xd800 && last <= 0xdbff ? maxChars - 1 : maxChars
  return `${text.slice(0, end)}…[cut ${text.length - end} characters]`
}
