import { HardshellError } from '../../base/index.ts'
import { ValidationError } from '../errors.ts'
import { compileBlocked, type Blocked } from './blocked.ts'
import { removeInvisible, type Removal } from './invisible.ts'
import { stripHtml, stripMarkdown } from './markup.ts'
import { onlyKnown } from './options.ts'

export type { Removal } from './invisible.ts'

/** The names are the guide's, in TypeScript's spelling. */
export interface InputValidatorOptions {
  /** Longest text in code points; longer ones are refused. Default 4096, as in the guide. */
  maxLength?: number
  /** Keep HTML. Default false: tags are stripped. */
  allowHtml?: boolean
  /** Keep Markdown. Default true. */
  allowMarkdown?: boolean
  /**
   * Regular expressions (RE2) no text may match, in any case and however it is spelt, spaced or encoded.
   * Default: the guide's four. An empty array blocks nothing.
   */
  blockedPatterns?: readonly string[]
}

export interface ValidatedInput {
  /** What may be handed on. */
  text: string
  /** What is no longer in it. Empty when nothing was removed. */
  removed: Removal[]
}

// OpenClaw security hardening guide, step 5.
const guide = {
  maxLength: 4096,
  patterns: ['ignore (all )?(previous|prior) instructions', 'you are now', 'system prompt', '<\\|.*\\|>'],
}

/**
 * Holds text from outside against an operator's rules before an agent reads it. It removes what should not be there
 * and refuses what must not come in. It raises the price of an injection; it does not end it: see docs/threat-model.md.
 */
export class InputValidator {
  readonly #maxLength: number
  readonly #allowHtml: boolean
  readonly #allowMarkdown: boolean
  readonly #blockedIn: (text: string) => Blocked | null

  /**
   * @throws HardshellError `content.bad-options` for an option that does not exist or a length that is none
   * @throws HardshellError `content.bad-pattern` for a pattern RE2 does not accept
   */
  constructor(options: InputValidatorOptions = {}) {
    onlyKnown('InputValidator', options, ['maxLength', 'allowHtml', 'allowMarkdown', 'blockedPatterns'])
    this.#maxLength = options.maxLength ?? guide.maxLength
    this.#allowHtml = options.allowHtml ?? false
    this.#allowMarkdown = options.allowMarkdown ?? true
    this.#blockedIn = compileBlocked(options.blockedPatterns ?? guide.patterns)
    if (!Number.isSafeInteger(this.#maxLength) || this.#maxLength < 1) {
      throw new HardshellError('content.bad-options', 'InputValidator: maxLength must be a whole number above 0')
    }
  }

  /**
   * @returns the cleaned text
   * @throws ValidationError when the text is no text, too long, or matches a blocked pattern
   */
  validate(text: string): string {
    return this.check(text).text
  }

  /**
   * The same, and tells what was removed.
   * @throws ValidationError as `validate` does
   */
  check(text: string): ValidatedInput {
    if (typeof text !== 'string') throw new ValidationError('not-text', `input must be a string, not ${typeof text}`)
    this.#refuseLong(text)
    this.#refuseBlocked(text, text)
    const visible = removeInvisible(text)
    // Markdown first: taken away later, its signs could leave a tag behind that they had hidden.
    const words = this.#allowMarkdown ? visible.text : stripMarkdown(visible.text)
    const clean = this.#allowHtml ? words : withoutHtml(words)
    // Once more: taking `<b></b>` out of `ig<b></b>nore` puts the word together.
    if (clean !== text) this.#refuseBlocked(clean, text)
    const removed = [
      ...visible.removed,
      { kind: 'markdown' as const, count: visible.text.length - words.length },
      { kind: 'html' as const, count: words.length - clean.length },
    ]
    return { text: clean, removed: removed.filter(({ count }) => count > 0) }
  }

  #refuseLong(text: string): void {
    // A code point takes one or two units: counting them is only needed in between.
    if (text.length <= this.#maxLength) return
    const length = text.length > 2 * this.#maxLength ? Infinity : [...text].length
    if (length <= this.#maxLength) return
    throw new ValidationError('max-length', `input is longer than maxLength (${this.#maxLength} characters)`)
  }

  #refuseBlocked(text: string, original: string): void {
    const blocked = this.#blockedIn(text)
    if (!blocked) return
    // Places in the cleaned text would mislead: the caller has the original.
    const at = text === original ? { start: blocked.start, end: blocked.end } : {}
    const hidden = blocked.encodings.length === 0 ? '' : `, hidden by ${blocked.encodings.join(' in ')}`
    throw new ValidationError('blocked-pattern', `input matches blocked pattern ${JSON.stringify(blocked.pattern)}${hidden}`, at)
  }
}

/** `new InputValidator(options)`, for rooms that take functions. */
export function createInputValidator(options: InputValidatorOptions = {}): InputValidator {
  return new InputValidator(options)
}

function withoutHtml(text: string): string {
  const plain = stripHtml(text)
  if (plain === null) throw new ValidationError('html', 'input hides HTML tags inside one another')
  return plain
}
