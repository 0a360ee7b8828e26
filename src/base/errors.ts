/**
 * One way to fail. A refusal is not an error: it is a value (see policy/decision).
 *
 * Every room lists its codes with `defineErrors`; the list carries what the command line exits with and
 * what an HTTP client gets, and `docs/reference/errors.md` is generated from it.
 */
export class HardshellError extends Error {
  /** `room.what-went-wrong`, one of the codes its room defined. */
  readonly code: string
  /** The next command or the setting to change. */
  readonly hint: string | undefined

  constructor(code: string, message: string, more: { hint?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'HardshellError'
    this.code = code
    this.hint = more.hint
  }
}

/** What one code means to the world: exit status of the command line, HTTP status, one line of meaning. */
export interface ErrorRow {
  /** Exit status, from the public table in docs/reference/exit-codes.md. */
  exit: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 70
  http: number
  meaning: string
}

/** Declares the codes of a room; the keys of the result are its closed union. */
export function defineErrors<const T extends Record<string, ErrorRow>>(rows: T): T {
  return rows
}

/** True for errors of the operating system, which carry `code` such as `ENOENT`. */
export function isNodeError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && (code === undefined || error.code === code)
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
