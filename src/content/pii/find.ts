import { markOf, replaceSpans, withoutOverlaps, type Finder } from '../output/spans.ts'
import { createSpanStream, type SpanStream } from '../output/stream.ts'
import { compileRegistry, type CompiledRecognizer } from './compile.ts'
import { islandsOf, standsIn } from './islands.ts'
import { pendingOver, type Pending } from './pending.ts'
import type { Anchor, Certainty, Hints, PhonePlans } from './recognizer.ts'
import { registry } from './registry.ts'

/** Every kind of personal data we know: for references and for proofs. */
export { registry as piiRecognizers } from './registry.ts'

/** Personal data in a text. Offsets are UTF-16 units, `end` is exclusive. The value is not in it. */
export interface PiiFinding {
  /** Such as `email`, `iban`, `us-ssn`. */
  type: string
  start: number
  end: number
  certainty: Certainty
}

export interface PiiOptions {
  /** Findings less sure than this are left out. Default `likely`. */
  least?: Certainty
  /** Only these types. Default all. */
  types?: readonly string[]
  /** Countries whose national telephone numbers are known by their plan, ISO 3166. Default US, GB, DE. */
  regions?: readonly string[]
  /** From `loadPhonePlans`. Without them telephone numbers are judged by their form alone. */
  phones?: PhonePlans
}

/**
 * Finds personal data that has a form: addresses, numbers with a check digit, identifiers of states. Names and street
 * addresses have none and are not found. Linear in the length of the text, whatever it holds.
 * @returns sorted, not overlapping; empty when there is none
 */
export function findPii(text: string, options: PiiOptions = {}): PiiFinding[] {
  return findFrom(text, 0, options)
}

function findFrom(text: string, from: number, options: PiiOptions): PiiFinding[] {
  const found = [...prepared()].flatMap(([anchor, recognizers]) =>
    islandsOf(text, anchor, from).flatMap((island) =>
      recognizers.flatMap((recognizer) => matchesIn(text, island, recognizer, options)),
    ),
  )
  const taken = withoutOverlaps(found.sort(byPreference))
  return taken.map(({ type, start, end, certainty }) => ({ type, start, end, certainty }))
}

/** Replaces personal data by `[REDACTED_<TYPE>]`, as `redactSecrets` does with secrets. */
export function redactPii(text: string, options: PiiOptions = {}): string {
  return replaceSpans(text, findPii(text, options), ({ type }) => markOf(type))
}

/**
 * How many UTF-16 units at the end of a text may still become part of personal data: at most 512, in prose seldom more
 * than the last word.
 */
export function pendingPiiLength(text: string): number {
  pending ??= pendingOver(prepared())
  return pending(text)
}

/** `findPii` over a sliding window: what the model proxy and streams ask. */
export function piiFinder(options: PiiOptions = {}): Finder<PiiFinding> {
  return { find: (text, from = 0) => findFrom(text, from, options), pending: pendingPiiLength, lookBehind }
}

/**
 * Redacts a text that arrives in chunks; all texts handed out, joined, equal `redactPii` of the whole, however it was
 * cut.
 */
export function createPiiRedactor(options: PiiOptions = {}): SpanStream<PiiFinding> {
  return createSpanStream(piiFinder(options), ({ type }) => markOf(type))
}

// Words that say what a number is stand at most this far before it: `social security number of the applicant: `.
const besideUnits = 48
// What `find` may look at before a finding: those words, and the two units an edge looks back.
const lookBehind = 64
const ranks: Readonly<Record<Certainty, number>> = { possible: 0, likely: 1, certain: 2 }
const defaultRegions = ['US', 'GB', 'DE']

interface Match extends PiiFinding {
  order: number
}

let compiled: ReadonlyMap<Anchor, readonly CompiledRecognizer[]> | null = null
let pending: Pending | null = null

/** The expressions are made once and shared: every use sets their place first. */
function prepared(): ReadonlyMap<Anchor, readonly CompiledRecognizer[]> {
  compiled ??= compileRegistry(registry)
  return compiled
}

/** By start; there the surest first, then the longest, then as the registry has them. */
function byPreference(a: Match, b: Match): number {
  return a.start - b.start || ranks[b.certainty] - ranks[a.certainty] || b.end - a.end || a.order - b.order
}

function matchesIn(
  text: string,
  island: { start: number; end: number },
  one: CompiledRecognizer,
  options: PiiOptions,
): Match[] {
  const { recognizer, shape, order } = one
  if (options.types && !options.types.includes(recognizer.type)) return []
  const hints: Hints = { regions: options.regions ?? defaultRegions, ...(options.phones && { phones: options.phones }) }
  const from = Math.max(0, island.start - 2)
  const part = text.slice(from, island.end + 3)
  const matches: Match[] = []
  shape.lastIndex = island.start - from
  for (let hit = shape.exec(part); hit; hit = shape.exec(part)) {
    // The next one may begin inside this one: a number in front of a card's would hide it otherwise.
    shape.lastIndex = hit.index + 1
    const start = from + hit.index
    const value = recognizer.cut ? recognizer.cut(hit[0], hints) : hit[0]
    const certainty = judge(one, value, text.slice(Math.max(0, start - besideUnits), start), hints)
    if (certainty && ranks[certainty] >= ranks[options.least ?? 'likely']) {
      matches.push({ type: recognizer.type, start, end: start + value.length, certainty, order })
    }
  }
  return matches
}

/** @param left what stands before the value */
function judge(one: CompiledRecognizer, value: string, left: string, hints: Hints): Certainty | null {
  const { recognizer, anchor, beside } = one
  if (!standsIn(value, anchor)) return null
  if (recognizer.accept && !recognizer.accept(value, hints)) return null
  const alone = typeof recognizer.alone === 'string' ? recognizer.alone : recognizer.alone(value, hints)
  if (!recognizer.beside || !beside?.test(left.toLowerCase())) return alone
  return ranks[recognizer.beside.certainty] > ranks[alone] ? recognizer.beside.certainty : alone
}
