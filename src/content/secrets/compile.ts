import { readShape, type Shape } from './grammar.ts'
import { replacementOf, type SecretPattern } from './pattern.ts'

/** A pattern made ready: sticky expressions that can be tried at one place of a text. */
export interface CompiledPattern {
  type: string
  replacement: string
  keywords: readonly string[]
  ignoreCase: boolean
  anywhere: boolean
  /** Higher wins the name when two patterns find the same secret; then the earlier in the registry. */
  certainty: number
  /** Place in the registry. */
  order: number
  lead: { is: RegExp; most: number } | null
  accept: ((secret: string) => boolean) | null
  /** The expressions: made when a keyword of the pattern is met for the first time, most never are. */
  readonly exact: Exact
  /** What only streams ask for. */
  readonly partial: Partial
}

interface Exact {
  shape: RegExp
  /** Sticky, always matches: all units that still belong to the secret. */
  tail: RegExp | null
}

interface Partial {
  /** Longest match in UTF-16 units, lead included, tail not. */
  longest: number
  /** At least so many units of a match stand before the part that is secret. */
  before: number
  /** Matches what is left of the text when it may be the beginning of a match. */
  beginning: RegExp
}

/** How sure a pattern is, as a number. A known value is one for certain, but a vendor's name says more. */
export const certainties = { generic: 0, context: 1, known: 2, vendor: 3 } as const

export function compilePattern(pattern: SecretPattern, order: number): CompiledPattern {
  let exact: Exact | null = null
  let partial: Partial | null = null
  return {
    type: pattern.type,
    replacement: replacementOf(pattern),
    keywords: pattern.keywords,
    ignoreCase: pattern.ignoreCase ?? false,
    anywhere: pattern.anywhere ?? false,
    certainty: certainties[pattern.certainty ?? 'vendor'],
    order,
    lead: pattern.lead ? { is: new RegExp(`[${pattern.lead.class}]`), most: pattern.lead.most } : null,
    accept: pattern.accept ?? null,
    get exact() {
      return (exact ??= exactOf(pattern))
    },
    get partial() {
      return (partial ??= partialOf(pattern))
    },
  }
}

function exactOf({ shape, tail }: SecretPattern): Exact {
  const caseFlag = shape.flags.includes('i') ? 'i' : ''
  // `d` gives the place of the group; asked for only where there is one, it is not free.
  const placeFlag = shape.source.includes('(?<secret>') ? 'd' : ''
  return {
    shape: new RegExp(shape.source, `y${placeFlag}${caseFlag}`),
    tail: tail ? new RegExp(`[${tail}]*`, 'y') : null,
  }
}

function partialOf({ shape }: SecretPattern): Partial {
  const read: Shape = readShape(shape.source)
  const caseFlag = shape.flags.includes('i') ? 'i' : ''
  return { longest: read.longest, before: read.before, beginning: new RegExp(read.beginning, `y${caseFlag}`) }
}
