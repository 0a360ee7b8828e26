import { inspect } from 'node:util'

/**
 * A value that must not be printed. Every way of turning it into text gives `[redacted]`;
 * `.reveal()` is the one way out, so that `grep -rn 'reveal()'` lists every place that sees it.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The bare value. Only for the call that needs it: never store, log or throw it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return '[redacted]'
  }
}
