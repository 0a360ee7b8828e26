/** What one pattern found. Offsets are of the whole text. */
export interface Match {
  type: string
  replacement: string
  certainty: number
  order: number
  start: number
  /** Grows while `open`. */
  end: number
  open: boolean
}

/** A finding together with what to write in its place. */
export interface Span {
  type: string
  replacement: string
  start: number
  end: number
}

export interface Resolved {
  /** Secrets whose end has been seen, in order, not overlapping, each handed out once. */
  spans: Span[]
  /** A secret that has begun for certain and reaches the end of what was given so far. */
  open: Span | null
}

/**
 * Turns matches that overlap into spans that do not, without uncovering a single unit: matches with one start become
 * one, with the furthest end and the most certain name; a match that begins inside another is cut to what sticks out.
 */
export function createResolver(): { add(match: Match): void; take(settledTo: number): Resolved } {
  let queue: Match[] = []
  let doneTo = 0

  return {
    add: (match) => void queue.push(match),

    take(settledTo) {
      const ready = queue.filter((match) => match.start < settledTo).sort(byStart)
      const spans: Span[] = []
      let at = 0
      while (at < ready.length) {
        const first = ready[at]!
        const group = groupAt(ready, at)
        const end = Math.max(...group.map((match) => match.end))
        const span = { ...nameOf(group), start: Math.max(first.start, doneTo), end }
        if (group.some((match) => match.open)) {
          queue = [...ready.slice(at), ...queue.filter((match) => match.start >= settledTo)]
          return { spans, open: span.end > span.start ? span : null }
        }
        if (span.end > span.start) spans.push(span)
        doneTo = Math.max(doneTo, span.end)
        at += group.length
      }
      queue = queue.filter((match) => match.start >= settledTo)
      return { spans, open: null }
    },
  }
}

/** Sorted matches from `at` on that share one start. */
function groupAt(sorted: Match[], at: number): Match[] {
  let end = at
  while (sorted[end]?.start === sorted[at]!.start) end++
  return sorted.slice(at, end)
}

function byStart(a: Match, b: Match): number {
  return a.start - b.start
}

function nameOf(group: Match[]): { type: string; replacement: string } {
  const [best] = group.toSorted((a, b) => b.certainty - a.certainty || a.order - b.order)
  return { type: best!.type, replacement: best!.replacement }
}
