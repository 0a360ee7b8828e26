import type { CompiledPattern } from './compile.ts'

/** A keyword with all patterns it announces. */
export interface Entry {
  keyword: string
  ignoreCase: boolean
  patterns: CompiledPattern[]
}

/** Says of a few units in a row which keywords may begin with them. */
export interface KeywordTables {
  /** A byte for each two units of seven bits: 1 where a keyword begins with them. Small enough for the nearest cache. */
  pairs: Uint8Array
  /** False when no keyword of four units or more begins with these ASCII ones: quick, and nearly always right. */
  mayBegin(first: number, second: number, third: number, fourth: number): boolean
  /**
   * Keywords that may stand where these four units do, shorter ones included; few that do not. Of a keyword of two, a
   * third unit has to follow: no shape ends with it.
   * @param third -1 when the text ends before it, as the fourth
   */
  beginningWith(first: number, second: number, third: number, fourth: number): readonly Entry[]
}

/** 127 (DEL) is in no keyword and stands for everything that is not ASCII. */
export const notAscii = 127

export function entriesOf(patterns: readonly CompiledPattern[]): Entry[] {
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

/** What may stand at a place of a keyword: both cases, or anything after its end. */
export function unitsOf({ keyword, ignoreCase }: Entry, at: number): readonly number[] {
  const letter = keyword[at]
  if (letter === undefined) return anyUnit
  const units = [letter.charCodeAt(0)]
  if (ignoreCase && letter >= 'a' && letter <= 'z') units.push(letter.toUpperCase().charCodeAt(0))
  return units
}

const anyUnit = Array.from({ length: 128 }, (_, unit) => unit)

export function keywordTables(entries: readonly Entry[]): KeywordTables {
  const bits = bitsOf(entries)
  const { triples, shorts, quads, pairs } = bits
  const ofTwo = groupsOf(entries.filter(({ keyword }) => keyword.length === 2), 2)
  const ofThree = groupsOf(entries.filter(({ keyword }) => keyword.length === 3), 3)
  const long = groupsOf(entries.filter(({ keyword }) => keyword.length >= 4), 4)
  const beginnings = new Uint8Array(1 << beginningBits)
  for (const key of long.keys()) beginnings[beginningOf(key)] = 1

  return {
    pairs,
    mayBegin: (first, second, third, fourth) => beginnings[beginningOf(folded(first, second, third, fourth))] === 1,
    beginningWith(first, second, third, fourth) {
      if (third === -1) return noEntries
      const triple = (first << 14) | (second << 7) | Math.min(third, notAscii)
      if (!has(triples, triple)) return noEntries
      const quad = fourth === -1 ? notAscii : Math.min(fourth, notAscii)
      const isLong = has(quads, quadBit((triple << 7) | quad))
      const longer = isLong ? (long.get(folded(first, second, third, fourth)) ?? noEntries) : noEntries
      if (!has(shorts, triple)) return longer
      const two = ofTwo.get(folded(first, second, 0, 0)) ?? noEntries
      const three = ofThree.get(folded(first, second, third, 0)) ?? noEntries
      return two.length === 0 && longer.length === 0 ? three : [...two, ...three, ...longer]
    },
  }
}

const noEntries: readonly Entry[] = []

/** Entries by their first units, capitals and small letters as one. */
function groupsOf(entries: readonly Entry[], units: 2 | 3 | 4): Map<number, Entry[]> {
  const groups = new Map<number, Entry[]>()
  for (const entry of entries) {
    const [a, b, c, d] = Array.from({ length: 4 }, (_, at) => (at < units ? entry.keyword.charCodeAt(at) : 0))
    const key = folded(a!, b!, c!, d!)
    const others = groups.get(key)
    if (others) others.push(entry)
    else groups.set(key, [entry])
  }
  return groups
}

// The bit in which the two cases of a letter differ. That others lose it too does no harm: entries are compared.
const caseBits = 0x20_20_20_20

function folded(a: number, b: number, c: number, d: number): number {
  return (a | (b << 8) | (c << 16) | (d << 24)) & ~caseBits
}

// Some 700 beginnings in 16 KiB: one in twenty is mistaken for one of them, and the table stays in the nearest cache.
const beginningBits = 14

function beginningOf(key: number): number {
  return Math.imul(key, 0x9e_37_79_b1) >>> (32 - beginningBits)
}

interface Bits {
  pairs: Uint8Array
  /** How keywords begin: three units. */
  triples: Uint32Array
  /** Those of keywords that end there. */
  shorts: Uint32Array
  /** How the longer ones go on: four units. */
  quads: Uint32Array
}

function bitsOf(entries: readonly Entry[]): Bits {
  const pairs = new Uint8Array(1 << 14)
  const triples = new Uint32Array(1 << 16)
  const shorts = new Uint32Array(1 << 16)
  const quads = new Uint32Array(1 << (quadBits - 5))
  for (const entry of entries) {
    for (const triple of triplesOf(entry)) {
      pairs[triple >>> 7] = 1
      set(triples, triple)
      if (entry.keyword.length < 4) set(shorts, triple)
      else for (const unit of unitsOf(entry, 3)) set(quads, quadBit((triple << 7) | unit))
    }
  }
  return { pairs, triples, shorts, quads }
}

function triplesOf(entry: Entry): number[] {
  const [firsts, seconds, thirds] = [unitsOf(entry, 0), unitsOf(entry, 1), unitsOf(entry, 2)]
  return firsts.flatMap((a) => seconds.flatMap((b) => thirds.map((c) => (a << 14) | (b << 7) | c)))
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
