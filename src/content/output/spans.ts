/** A place in a text that something was found at. Offsets are UTF-16 units, `end` is exclusive. */
export interface Span {
  start: number
  end: number
}

/**
 * Something that looks for one kind of thing in a text, whole or in pieces. The two functions fit the sliding window
 * of the model proxy: what `find` says before `text.length - pending(text)` no later text can change.
 */
export interface Finder<Found extends Span> {
  /**
   * @param from only what begins here or behind it; what stands before has been decided
   * @returns sorted, not overlapping
   */
  find(text: string, from?: number): readonly Found[]
  /** How many units at the end of the text may still become part of a finding, or change one. */
  pending(text: string): number
  /** How many units before a finding `find` may look at. */
  lookBehind: number
  /**
   * For a finding whose end is only the end of what has come: an expression, sticky and always matching, for what still
   * belongs to it. `null` or absent: its end is its end.
   */
  rest?(found: Found): RegExp | null
}

/**
 * Takes spans from left to right and drops what overlaps one that was taken. Nothing that stands further right can
 * change a choice: that is what makes a stream give the answer of the whole.
 * @param sorted by start; of those with one start the first is preferred
 */
export function withoutOverlaps<Found extends Span>(sorted: readonly Found[]): Found[] {
  const taken: Found[] = []
  let at = 0
  for (const span of sorted) {
    if (span.start < at) continue
    taken.push(span)
    at = span.end
  }
  return taken
}

/** Puts other text in the place of spans, which are sorted and do not overlap. */
export function replaceSpans<Found extends Span>(
  text: string,
  spans: readonly Found[],
  replacement: (span: Found) => string,
): string {
  let out = ''
  let at = 0
  for (const span of spans) {
    out += text.slice(at, span.start) + replacement(span)
    at = span.end
  }
  return out + text.slice(at)
}

/** What stands where something of this type was: the form `redactSecrets` uses. */
export function markOf(type: string): string {
  return `[REDACTED_${type.toUpperCase().replaceAll('-', '_')}]`
}
