import type { CompiledPattern } from './compile.ts'

/**
 * Finds the places of all keywords in one pass. Two units in a row are a number of 14 bits; a table says whether any
 * keyword begins that way, and where one does, larger tables look at the third and the fourth. One look-up a unit for
 * nearly all of a text, whatever it says and however many keywords there are.
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

interface Entry {
  keyword: string
  ignoreCase: boolean
  patterns: CompiledPattern[]
}

/** @param patterns their keywords are ASCII, of two characters at least */
export function createKeywordIndex(patterns: readonly CompiledPattern[]): KeywordIndex {
  const entries = entriesOf(patterns)
  const byTriple = tripleTable(entries)
  const { pairs, triples, shorts, quads } = bitsOf(byTriple)
  const longest = Math.max(3, ...entries.map(({ keyword }) => keyword.length))
  let starts: StartTable | null = null // only streams ask for it
  const mayStand = (triple: number, fourth: number): boolean => {
    if (triple === -1 || !has(triples, triple)) return false
    return has(shorts, triple) || has(quads, quadBit((triple << 7) | Math.min(fourth, notAscii)))
  }

  return {
    nextIn(text, from) {
      let before = notAscii
      for (let i = from; i < text.length; i++) {
        const unit = text.charCodeAt(i)
        const now = unit < notAscii ? unit : notAscii
        const begins = pairs[(before << 7) | now] === 1
        before = now
        if (!begins) continue
        const triple = tripleAt(text.charCodeAt(i - 1), now, i + 1 < text.length ? text.charCodeAt(i + 1) : -1)
        const fourth = i + 2 < text.length ? text.charCodeAt(i + 2) : notAscii
        if (!mayStand(triple, fourth)) continue
        const patterns = patternsInText(byTriple.get(triple)!, text, i - 1)
        if (patterns) return { at: i - 1, patterns }
      }
      return null
    },

    nextInBytes(bytes, from, end) {
      let before = notAscii
      for (let i = from; i < end; i++) {
        const unit = bytes[i]!
        const now = unit < notAscii ? unit : notAscii
        const begins = pairs[(before << 7) | now] === 1
        before = now
        if (!begins) continue
        const triple = tripleAt(bytes[i - 1]!, now, i + 1 < end ? bytes[i + 1]! : -1)
        if (!mayStand(triple, i + 2 < end ? bytes[i + 2]! : notAscii)) continue
        const patterns = patternsInBytes(byTriple.get(triple)!, bytes.subarray(i - 1, end))
        if (patterns) return { at: i - 1, patterns }
      }
      return null
    },

    begunAt(text, from) {
      starts ??= startTable(entries)
      const places: Hit[] = []
      for (let at = Math.max(from, text.length - longest + 1); at < text.length; at++) {
        if (!starts.letters.has(text.charCodeAt(at))) continue
        const exact = starts.exact.get(text.slice(at))
        const folded = starts.folded.get(text.slice(at).toLowerCase())
        if (exact || folded) places.push({ at, patterns: [...(exact ?? []), ...(folded ?? [])] })
      }
      return places
    },
  }
}

// 127 (DEL) is in no keyword and stands for everything that is not ASCII.
const notAscii = 127

/** Two ASCII units and what follows them as one number; -1 when nothing follows. */
function tripleAt(first: number, second: number, third: number): number {
  return third === -1 ? -1 : (first << 14) | (second << 7) | Math.min(third, notAscii)
}

function entriesOf(patterns: readonly CompiledPattern[]): Entry[] {
  const entries = new Map<string, Entry>()
  for (const pattern of patterns) {
    for (const keyword of pattern.keywords) {
      const { ignoreCase } = pattern
      const entry = entries.get(`${keyword} ${ignoreCase}`) ?? { keyword, ignoreCase, patterns: [] }
      entry.patterns.push(pattern)
      entries.set(`${keyword} ${ignoreCase}`, entry)
    }
  }
  return [...entries.values()]
}

function tripleTable(entries: readonly Entry[]): Map<number, Entry[]> {
  const table = new Map<number, Entry[]>()
  for (const entry of entries) {
    for (const a of unitsOf(entry, 0)) {
      for (const b of unitsOf(entry, 1)) {
        for (const c of unitsOf(entry, 2)) {
          const key = (a << 14) | (b << 7) | c
          const others = table.get(key)
          if (others) others.push(entry)
          else table.set(key, [entry])
        }
      }
    }
  }
  return table
}

const anyUnit = Array.from({ length: 128 }, (_, unit) => unit)

/** What may stand at a place of a keyword: both cases, or anything after a keyword of two. */
function unitsOf({ keyword, ignoreCase }: Entry, at: number): number[] {
  const letter = keyword[at]
  if (letter === undefined) return anyUnit
  const units = [letter.charCodeAt(0)]
  if (ignoreCase && letter >= 'a' && letter <= 'z') units.push(letter.toUpperCase().charCodeAt(0))
  return units
}

interface Bits {
  /** A byte for each two units: 1 where a keyword begins with them. Small enough to stay in the nearest cache. */
  pairs: Uint8Array
  /** How keywords begin: three units. */
  triples: Uint32Array
  /** Those of keywords that end there. */
  shorts: Uint32Array
  /** How the longer ones go on: four units. */
  quads: Uint32Array
}

function bitsOf(byTriple: ReadonlyMap<number, readonly Entry[]>): Bits {
  const pairs = new Uint8Array(1 << 14)
  const triples = new Uint32Array(1 << 16)
  const shorts = new Uint32Array(1 << 16)
  const quads = new Uint32Array(1 << (quadBits - 5))
  for (const [triple, entries] of byTriple) {
    pairs[triple >>> 7] = 1
    set(triples, triple)
    for (const entry of entries) {
      if (entry.keyword.length < 4) set(shorts, triple)
      else for (const unit of unitsOf(entry, 3)) set(quads, quadBit((triple << 7) | unit))
    }
  }
  return { pairs, triples, shorts, quads }
}

function set(bits: Uint32Array, number: number): void {
  bits[number >>> 5]! |= 1 << (number & 31)
}

function has(bits: Uint32Array, number: number): boolean {
  return ((bits[number >>> 5]! >>> number) & 1) !== 0
}

const quadBits = 18

/** One of 262,144 bits for four units in a row: few that begin no keyword share it with some that do. */
function quadBit(quad: number): number {
  return Math.imul(quad, 0x9e_37_79_b1) >>> (32 - quadBits)
}

interface StartTable {
  exact: Map<string, Set<CompiledPattern>>
  folded: Map<string, Set<CompiledPattern>>
  /** What keywords begin with, both cases. */
  letters: Set<number>
}

/** Every beginning of a keyword, with the patterns it may become. */
function startTable(entries: readonly Entry[]): StartTable {
  const tables: StartTable = { exact: new Map(), folded: new Map(), letters: new Set() }
  for (const entry of entries) {
    const { keyword, ignoreCase, patterns } = entry
    const table = ignoreCase ? tables.folded : tables.exact
    for (const unit of unitsOf(entry, 0)) tables.letters.add(unit)
    // A keyword of two is only found once a third unit follows: until then it counts as begun.
    for (let length = 1; length < Math.max(keyword.length, 3); length++) {
      const start = keyword.slice(0, length)
      const set = table.get(start) ?? new Set()
      for (const pattern of patterns) set.add(pattern)
      table.set(start, set)
    }
  }
  return tables
}

/** `null` when none of the entries stands there. One keyword at a place is the rule, more the exception. */
function patternsInText(entries: readonly Entry[], text: string, at: number): readonly CompiledPattern[] | null {
  let found: readonly CompiledPattern[] | null = null
  for (const entry of entries) if (standsAt(entry, text, at)) found = withPatterns(found, entry)
  return found
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
