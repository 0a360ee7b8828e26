/** A keyword as the sieve needs it: the units that may stand at each of its places. */
export type Spelling = readonly (readonly number[])[]

/**
 * A coarse look at ASCII bytes, two at a time: leaves out nearly all places where no keyword begins, and none where
 * one does. Each pair of bytes says which groups of keywords may go through it as their first, second or third pair;
 * only where the groups of three pairs in a row meet is it worth looking closer. Source of the idea: FDR of Hyperscan
 * (Wang et al., NSDI 2019).
 */
export interface KeywordSieve {
  /**
   * The next pair from `from` on in which a keyword may begin, or with the byte right before or right behind it. The two
   * pairs from `end` on are looked at too.
   * @returns the pair in the upper bits, in the lower sixteen the groups, by `places`; `none` when there is none
   */
  next(pairs: Uint16Array, from: number, end: number): number
}

export const none = -1

/**
 * Where a keyword may begin, counted from the first byte of the pair: before it, on it, behind it. Those of four units
 * and more never begin behind it, shorter ones never before.
 */
export const places = { before: 0xfc00, on: 0x00ff, behind: 0x0300, shortOn: 0x0003 } as const

// Sixteen bits of a table: eight groups of keywords that begin with a pair, and the same eight where they begin off it.
// Two of those are short (`grouped`) and show their first byte as the second one of a pair.
const groups = 8

export function createKeywordSieve(spellings: readonly Spelling[]): KeywordSieve {
  const first = new Uint16Array(1 << 16)
  const second = new Uint16Array(1 << 16)
  const third = new Uint16Array(1 << 16)
  for (const [group, members] of grouped(spellings).entries()) {
    for (const spelling of members) {
      const on = { first, second, third, bit: 1 << group }
      const off = { first, second, third, bit: 1 << (groups + group) }
      pass(on, spelling, 0)
      // Off the pairs a keyword shows one place of its first pair, or none: of a long one two full pairs say more.
      pass(off, spelling, spelling.length > 3 ? 1 : -1)
    }
  }
  return {
    next(pairs, from, end) {
      let before = first[pairs[from]!]!
      for (let i = from; i < end; i++) {
        const pair = pairs[i + 1]!
        const both = before & second[pair]!
        if (both !== 0) {
          const all = both & third[pairs[i + 2]!]!
          if (all !== 0) return (i << 16) | all
        }
        before = first[pair]!
      }
      return none
    },
  }
}

interface Passage {
  first: Uint16Array
  second: Uint16Array
  third: Uint16Array
  bit: number
}

/** Lets a keyword through whose place `at` stands first in a pair. */
function pass({ first, second, third, bit }: Passage, spelling: Spelling, at: number): void {
  mark(first, bit, spelling[at] ?? anyUnit, spelling[at + 1] ?? anyUnit)
  mark(second, bit, spelling[at + 2] ?? anyUnit, spelling[at + 3] ?? anyUnit)
  mark(third, bit, spelling[at + 4] ?? anyUnit, spelling[at + 5] ?? anyUnit)
}

function mark(table: Uint16Array, bit: number, ones: readonly number[], others: readonly number[]): void {
  for (const one of ones) for (const other of others) table[pairOf(one, other)]! |= bit
}

const anyUnit = Array.from({ length: 128 }, (_, unit) => unit)

const isLittleEndian = new Uint16Array(Uint8Array.of(1, 0).buffer)[0] === 1

/** Two bytes in a row as one element of a `Uint16Array` over them. */
function pairOf(one: number, other: number): number {
  return isLittleEndian ? one | (other << 8) : (one << 8) | other
}

/** Keywords that let much through are by themselves, and those that begin alike share a group. */
function grouped(spellings: readonly Spelling[]): Spelling[][] {
  const ofTwo = spellings.filter(({ length }) => length === 2)
  const ofThree = spellings.filter(({ length }) => length === 3)
  const longer = spellings.filter(({ length }) => length > 3).toSorted(byBeginning)
  const share = Math.ceil(longer.length / (groups - 2))
  const shares = Array.from({ length: groups - 2 }, (_, n) => longer.slice(n * share, (n + 1) * share))
  return [ofTwo, ofThree, ...shares]
}

/** Those of which case does not matter first, then by what they begin with. */
function byBeginning(a: Spelling, b: Spelling): number {
  const [one, other] = [beginning(a), beginning(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

function beginning(spelling: Spelling): string {
  const isOneCase = spelling.every(({ length }) => length === 1)
  return `${isOneCase}${String.fromCharCode(...spelling.map(([unit]) => unit!))}`
}
