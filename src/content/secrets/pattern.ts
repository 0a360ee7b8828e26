/**
 * One kind of secret and how to recognise it. A pattern is found through its keywords: only where one of them
 * stands is its shape tried, so hundreds of patterns cost one pass over the text.
 */
export interface SecretPattern {
  /** `family.name`, unique: docs anchor, test name. */
  readonly id: string
  /** What a finding is called: kebab-case. Several patterns may share one. */
  readonly type: string
  /** What stands in `[REDACTED_…]`. Default: the type in capitals, with underscores. */
  readonly label?: string
  readonly title: string
  /** Who says that the secret looks like this. */
  readonly source: string
  /** Literals, one of which begins every match (or follows `lead`). At least two characters each. */
  readonly keywords: readonly string[]
  /** Keywords are found in any case; give them in lower case then. */
  readonly ignoreCase?: true
  /** Characters of the match that stand before the keyword: a class body such as `0-9`, and how many at most. */
  readonly lead?: { readonly class: string; readonly most: number }
  /**
   * The whole match, from the first unit of lead or keyword. Every repeat is bounded. A group named `secret` is the
   * part to redact; without one it is all of it. See grammar.ts for the syntax that is allowed.
   */
  readonly shape: RegExp
  /** Class body of the units that still belong to a secret once its shape has matched: `A-Za-z0-9_-`. */
  readonly tail?: string
  /** May follow directly upon a letter or digit. Only for shapes nothing else looks like. */
  readonly anywhere?: true
  /** How sure the shape is: a vendor's own, a value beside a vendor's name, a value beside a word like password. */
  readonly certainty?: 'vendor' | 'context' | 'generic'
  /** Last word on a match. @param secret the part to redact, without its tail */
  readonly accept?: (secret: string) => boolean
  readonly examples: {
    /** Texts holding one secret each, which stands between « and ». */
    readonly found: readonly string[]
    /** Texts that look similar and hold none. */
    readonly passed: readonly string[]
  }
}

/** Marks the secret in an example, so that the suite can prove the exact span. */
export const marks = { open: '«', close: '»' } as const

/** What replaces a secret of this pattern. */
export function replacementOf(pattern: Pick<SecretPattern, 'type' | 'label'>): string {
  return `[REDACTED_${pattern.label ?? pattern.type.toUpperCase().replaceAll('-', '_')}]`
}
