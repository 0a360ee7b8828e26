import { readShape } from './grammar.ts'
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
  /** Longest match in UTF-16 units, lead included, tail not. */
  longest: number
  shape: RegExp
  hasGroup: boolean
  /** Matches what is left of the text when it may be the beginning of a match. */
  beginning: RegExp
  /** Sticky, always matches: all units that still belong to the secret. */
  tail: RegExp | null
  lead: { is: RegExp; most: number } | null
  accept: ((secret: string) => boolean) | null
}

const certainties = { generic: 0, context: 1, vendor: 2 } as const

export function compilePattern(pattern: SecretPattern, order: number): CompiledPattern {
  const { source, flags } = pattern.shape
  const { longest, beginning } = readShape(source)
  const caseFlag = flags.includes('i') ? 'i' : ''
  const hasGroup = source.includes('(?<secret>')
  return {
    type: pattern.type,
    replacement: replacementOf(pattern),
    keywords: pattern.keywords,
    ignoreCase: pattern.ignoreCase ?? false,
    anywhere: pattern.anywhere ?? false,
    certainty: certainties[pattern.certainty ?? 'vendor'],
    order,
    longest,
    // `d` gives the place of the group; asked for only where there is one, it is not free.
    shape: new RegExp(source, `y${hasGroup ? 'd' : ''}${caseFlag}`),
    hasGroup,
    beginning: new RegExp(beginning, `y${caseFlag}`),
    tail: pattern.tail ? new RegExp(`[${pattern.tail}]*`, 'y') : null,
    lead: pattern.lead ? { is: new RegExp(`[${pattern.lead.class}]`), most: pattern.lead.most } : null,
    accept: pattern.accept ?? null,
  }
}
