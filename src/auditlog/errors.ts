import { HardshellError, defineErrors } from '../base/index.ts'

/** Everything the audit log can fail with. */
export const auditlogErrors = defineErrors({
  'auditlog.write-failed': {
    exit: 7,
    http: 503,
    meaning: 'the entry could not be brought to the disk; what it would have allowed must not happen',
  },
  'auditlog.queue-full': {
    exit: 7,
    http: 503,
    meaning: 'entries arrive faster than the disk takes them; what the entry would have allowed must not happen',
  },
  'auditlog.entry-invalid': {
    exit: 70,
    http: 500,
    meaning: 'an entry cannot be written as one line of JSON, or stays too large after its texts were cut',
  },
  'auditlog.closed': { exit: 70, http: 503, meaning: 'an entry was appended to a log that is closed' },
  'auditlog.chain-broken': {
    exit: 5,
    http: 503,
    meaning: 'the log on disk does not hold together and is not continued: it was changed, or the disk lost lines',
  },
  'auditlog.locked': { exit: 5, http: 503, meaning: 'another process writes this log, and a chain has one writer' },
  'auditlog.not-found': { exit: 7, http: 404, meaning: 'there is no audit log at the given place' },
})

/** The closed set of codes of this room. */
export type AuditlogErrorCode = keyof typeof auditlogErrors

/** An error of this room: same as `HardshellError`, with the code checked by the compiler. */
export function auditlogError(
  code: AuditlogErrorCode,
  message: string,
  more: { hint?: string; cause?: unknown } = {},
): HardshellError {
  return new HardshellError(code, message, more)
}
