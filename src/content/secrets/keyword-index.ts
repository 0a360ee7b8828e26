import { show, windowBytes, windowPairs, type Shown } from './ascii-window.ts'
import type { CompiledPattern } from './compile.ts'
import { createKeywordSieve, none, places, type KeywordSieve } from './keyword-sieve.ts'
import { startTable, type StartTable } from './keyword-starts.ts'
import { entriesOf, keywordTables, notAscii, unitsOf, type Entry, type KeywordTables } from './keyword-tables.ts'

/**
 * Finds the places of all keywords in one pass. Two units in a row are a number of 14 bits; a table says whether any
 * keyword begins that way, and where one does, larger tables look at the third and the fourth. One look-up a unit for
 * nearly all of a text, whatever it says and however many keywords there are. What is ASCII goes through a sieve first,
 * as bytes, which takes a third of the time.
 */
export interface KeywordIndex {
  /**
   * The next keyword from `from` on; `null` when there is none. No closure may be made in this loop or the next: one
   * that holds its counter costs an object for every unit of every text.
   */
  nextIn(text: string, from: number): Hit | null
  /** The same for UTF-8, up to `end`. Keywords are ASCII: they look alike in both. */
  nextInBytes(bytes: Uint8Array, from: number, end: number): Hit | null
  /** Keywords the end of the text may cut off, by where they would begin. */
  begunAt(text: string, from: number): readonly Hit[]
}

/** A keyword stands at `at`, or more of them: these are their patterns. */
export interface Hit {
  at: number
  patterns: readonly CompiledPattern[]
}

/** @param patterns their keywords are ASCII, of two characters at least */
export function createKeywordIndex(patterns: readonly CompiledPattern[]): KeywordIndex {
  return new Keywords(entriesOf(patterns))
}

class Keywords implements KeywordIndex {
  readonly #entries: readonly Entry[]
  readonly #tables: KeywordTables
  readonly #sieve: KeywordSieve
  readonly #longest: number
  /** Only streams ask for it. */
  #starts: StartTable | null = null

  constructor(entries: readonly Entry[]) {
    this.#entries = entries
    this.#tables = keywordTables(entries)
    this.#sieve = createKeywordSieve(entries.map((entry) => Array.from(entry.keyword, (_, at) => unitsOf(entry, at))))
    this.#longest = Math.max(3, ...entries.map(({ keyword }) => keyword.length))
  }

  nextIn(text: string, from: number): Hit | null {
    for (let at = from; at < text.length; ) {
      const shown = show(text, at, at === from)
      const end = shown.base + shown.units
      const hit = shown.seen === 0 ? this.#nextInUnits(text, at, end) : this.#nextInWindow(shown, at)
      if (hit) return hit
      at = end
    }
    return null
  }

  nextInBytes(bytes: Uint8Array, from: number, end: number): Hit | null {
    const { pairs } = this.#tables
    let before = notAscii
    for (let i = from; i < end; i++) {
      const unit = bytes[i]!
      const now = unit < notAscii ? unit : notAscii
      const begins = pairs[(before << 7) | now] === 1
      const first = before
      before = now
      if (!begins) continue
      const third = i + 1 < end ? bytes[i + 1]! : -1
      const maybe = this.#tables.beginningWith(first, now, third, i + 2 < end ? bytes[i + 2]! : -1)
      const patterns = maybe.length === 0 ? null : patternsInBytes(maybe, bytes.subarray(i - 1, end))
      if (patterns) return { at: i - 1, patterns }
    }
    return null
  }

  begunAt(text: string, from: number): readonly Hit[] {
    this.#starts ??= startTable(this.#entries)
    const { letters, exact, folded } = this.#starts
    const begun: Hit[] = []
    for (let at = Math.max(from, text.length - this.#longest + 1); at < text.length; at++) {
      if (!letters.has(text.charCodeAt(at))) continue
      const asItIs = exact.get(text.slice(at))
      const inAnyCase = folded.get(text.slice(at).toLowerCase())
      if (asItIs || inAnyCase) begun.push({ at, patterns: [...(asItIs ?? []), ...(inAnyCase ?? [])] })
    }
    return begun
  }

  /** The next one that begins in the window, at `from` in the text or later. */
  #nextInWindow(shown: Shown, from: number): Hit | null {
    const [first, end] = [from - shown.base, shown.units]
    const lastPair = (end >> 1) + 1
    for (let found = this.#sieve.next(windowPairs, first >> 1, lastPair); found !== none; ) {
      const pair = found >> 16
      const at = 2 * pair
      let hit: Hit | null = null
      if ((found & places.before) !== 0 && at > first && this.#mayBegin(at - 1)) hit = this.#standingAt(shown, at - 1)
      if (hit === null && (found & places.on) !== 0 && at >= first && at < end) {
        if ((found & places.shortOn) !== 0 || this.#mayBegin(at)) hit = this.#standingAt(shown, at)
      }
      if (hit === null && (found & places.behind) !== 0 && at + 1 < end) hit = this.#standingAt(shown, at + 1)
      if (hit !== null) return hit
      found = this.#sieve.next(windowPairs, pair + 1, lastPair)
    }
    return null
  }

  #mayBegin(at: number): boolean {
    return this.#tables.mayBegin(windowBytes[at]!, windowBytes[at + 1]!, windowBytes[at + 2]!, windowBytes[at + 3]!)
  }

  /** Those that begin at a place of the window. */
  #standingAt({ text, base, seen }: Shown, at: number): Hit | null {
    const third = at + 2 < seen ? windowBytes[at + 2]! : -1
    const fourth = at + 3 < seen ? windowBytes[at + 3]! : -1
    const maybe = this.#tables.beginningWith(windowBytes[at]!, windowBytes[at + 1]!, third, fourth)
    return maybe.length === 0 ? null : hitOf(maybe, text, base + at)
  }

  /** The next one in any text, in the units from `from` up to `end`. */
  #nextInUnits(text: string, from: number, end: number): Hit | null {
    const { pairs } = this.#tables
    let before = notAscii
    for (let i = from; i <= end && i < text.length; i++) {
      const unit = text.charCodeAt(i)
      const now = unit < notAscii ? unit : notAscii
      const begins = pairs[(before << 7) | now] === 1
      const first = before
      before = now
      if (!begins) continue
      const third = i + 1 < text.length ? text.charCodeAt(i + 1) : -1
      const fourth = i + 2 < text.length ? text.charCodeAt(i + 2) : -1
      const maybe = this.#tables.beginningWith(first, now, third, fourth)
      const hit = maybe.length === 0 ? null : hitOf(maybe, text, i - 1)
      if (hit) return hit
    }
    return null
  }
}

/** `null` when none of the entries stands there. One keyword at a place is the rule, more the exception. */
function hitOf(entries: readonly Entry[], text: string, at: number): Hit | null {
  let found: readonly CompiledPattern[] | null = null
  for (const entry of entries) if (standsAt(entry, text, at)) found = withPatterns(found, entry)
  return found && { at, patterns: found }
}

/** The same for keywords these bytes begin with. */
function patternsInBytes(entries: readonly Entry[], bytes: Uint8Array): readonly CompiledPattern[] | null {
  let found: readonly CompiledPattern[] | null = null
  for (const entry of entries) if (beginsWith(bytes, entry)) found = withPatterns(found, entry)
  return found
}

function withPatterns(found: readonly CompiledPattern[] | null, { patterns }: Entry): readonly CompiledPattern[] {
  return found === null ? patterns : [...new Set([...found, ...patterns])]
}

function standsAt({ keyword, ignoreCase }: Entry, text: string, at: number): boolean {
  for (let i = 0; i < keyword.length; i++) {
    if (!isUnit(text.charCodeAt(at + i), keyword.charCodeAt(i), ignoreCase)) return false
  }
  return true
}

function beginsWith(bytes: Uint8Array, { keyword, ignoreCase }: Entry): boolean {
  if (keyword.length > bytes.length) return false
  for (let i = 0; i < keyword.length; i++) {
    if (!isUnit(bytes[i]!, keyword.charCodeAt(i), ignoreCase)) return false
  }
  return true
}

function isUnit(unit: number, letter: number, ignoreCase: boolean): boolean {
  // 65 to 90 are the capitals; 32 lies between them and their small letters.
  return unit === letter || (ignoreCase && unit >= 65 && unit <= 90 && unit + 32 === letter)
}
