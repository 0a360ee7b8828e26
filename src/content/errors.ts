import { HardshellError, defineErrors } from '../base/index.ts'

/** What can go wrong with content. A text that is refused is the caller's to answer for: HTTP 400. */
export const contentErrors = defineErrors({
  'content.input-refused': { exit: 1, http: 400, meaning: 'a text broke a rule of its input validator' },
  'content.task-refused': { exit: 1, http: 400, meaning: 'a task does not match its JSON Schema' },
  'content.bad-options': { exit: 3, http: 500, meaning: 'a validator or sanitizer was given options it does not know' },
  'content.bad-pattern': { exit: 3, http: 500, meaning: 'a blocked pattern is not a regular expression RE2 accepts' },
  'content.marker-known': { exit: 70, http: 502, meaning: 'a text from outside holds the secret marker it was to be enclosed in' },
  'content.bad-schema': { exit: 3, http: 500, meaning: 'a task schema is not valid JSON Schema 2020-12' },
})

export type ContentErrorCode = keyof typeof contentErrors

/** Which rule of a validator said no. */
export type ValidationRule = 'not-text' | 'max-length' | 'html' | 'blocked-pattern' | 'task-schema'

/**
 * A text or task was refused. Made to be logged: it holds the place of what offended, never its text.
 */
export class ValidationError extends HardshellError {
  declare readonly code: ContentErrorCode
  /** One sentence, the same as `message`. */
  readonly reason: string
  readonly rule: ValidationRule
  /** UTF-16 offset into the text as it was handed in, where the rule knows a place. */
  readonly start: number | undefined
  /** UTF-16 offset behind the last offending unit. */
  readonly end: number | undefined
  /** JSON Pointer (RFC 6901) into the task; `''` is the task itself. Only for `task-schema`. */
  readonly path: string | undefined

  constructor(rule: ValidationRule, reason: string, at: { start?: number; end?: number; path?: string } = {}) {
    super(rule === 'task-schema' ? 'content.task-refused' : 'content.input-refused', reason)
    this.name = 'ValidationError'
    this.rule = rule
    this.reason = reason
    this.start = at.start
    this.end = at.end
    this.path = at.path
  }
}
