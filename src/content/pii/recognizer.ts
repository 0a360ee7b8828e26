/**
 * How sure a finding is. `possible`: the shape and, where there is one, the check digit fit, and so do other things.
 * `likely`: little else looks like this, or words beside it say what it is. `certain`: both, or a strong checksum.
 */
export type Certainty = 'possible' | 'likely' | 'certain'

/** One kind of personal data and how to recognize it. */
export interface Recognizer {
  /** What a finding is called: kebab-case. Several recognizers may share one. */
  readonly type: string
  readonly title: string
  /** Who says that it looks like this. */
  readonly source: string
  /** The whole of it. Every repeat is bounded; see ../secrets/grammar.ts for the syntax that is allowed. */
  readonly shape: RegExp
  /** What every match holds, so that texts without it cost nothing. Default `digit`. */
  readonly anchor?: Anchor
  /** The shape says itself what may stand before and after it. */
  readonly ownEdges?: true
  /** The part from its beginning that is meant, where a shape cannot know the end: a word may stand behind an IBAN. */
  readonly cut?: (value: string, hints: Hints) => string
  /**
   * The last word on a match: checksum, ranges, dates.
   * @param value as it stands in the text
   */
  readonly accept?: (value: string, hints: Hints) => boolean
  /** How sure a match is by itself. */
  readonly alone: Certainty | ((value: string, hints: Hints) => Certainty)
  /** Words shortly before a match that say what it is, in lower case, and how sure it is then. */
  readonly beside?: { readonly words: readonly string[]; readonly certainty: Certainty }
  readonly examples: {
    /** Texts holding one of these each, which stands between « and ». */
    readonly found: readonly string[]
    /** Texts that look similar and hold none. */
    readonly passed: readonly string[]
  }
}

export type Anchor = 'digit' | 'wallet' | 'at-sign' | 'bracket' | 'hex-pairs'

/** What the caller knows about the text. */
export interface Hints {
  /** Countries whose way of writing numbers is tried, ISO 3166 in capitals, the likeliest first. */
  readonly regions: readonly string[]
  /** Absent: telephone numbers are judged by their form alone. */
  readonly phones?: PhonePlans
}

/**
 * Asks the numbering plans of the countries.
 * @param region where a number without a country code is dialed, ISO 3166; `null` for one with `+`
 */
export type PhonePlans = (number: string, region: string | null) => 'valid' | 'possible' | 'wrong'

/** The letters and digits of a value, in capitals: `es91 2100…` → `ES912100…`. */
export function bare(value: string): string {
  return value.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
}
