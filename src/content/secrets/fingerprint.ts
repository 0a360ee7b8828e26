/**
 * Says quickly where in a text one of some secret values may end, or may have begun. Of each value it keeps 32 bits for
 * its last units, 32 bits for its first, and for the even shorter beginnings one entry each in a table that most other
 * beginnings of that length miss, too: enough to look closer, not enough to tell the value from it.
 */
export interface Fingerprints {
  /** Where values may end behind `from`, and how long they are: few that are none. Nothing before `low` is read. */
  ends(units: Units, low: number, from: number, end: number): { length: number; end: number }[]
  /** The first place from `low` on where a value may have begun that is cut off at `end`; `end` when there is none. */
  begun(units: Units, low: number, end: number): number
  /** How far before its end a place may lie where `begun` looks. */
  readonly longest: number
}

type Units = Uint8Array | Uint16Array

/**
 * @param values each of `width` units at least
 * @param width how many units make a fingerprint
 * @param seed secret: whoever knows it could write texts whose fingerprints fit
 */
export function createFingerprints(values: readonly ArrayLike<number>[], width: number, seed: string): Fingerprints {
  const roll = createRoll(width, seed)
  const tails = lengthsBy(values, (value) => roll.of(value, value.length - width, value.length))
  const heads = lengthsBy(values, (value) => roll.of(value, 0, width))
  const tailBits = bitsOf(tails.keys())
  const starts = startTable(values, width, roll)
  const longest = Math.max(0, ...values.map((value) => value.length))

  return {
    longest,
    ends(units, low, from, end) {
      const places: { length: number; end: number }[] = []
      const { base, top } = roll
      let print = 0
      const first = Math.max(low, from - width + 1)
      for (let at = first; at < end; at++) {
        // As `add` and `move` do it: this loop sees every unit of every text.
        print = (Math.imul(print, base) + units[at]! + 1) | 0
        if (at - first >= width) print = (print - Math.imul(top, units[at - width]! + 1)) | 0
        if (!mayHold(tailBits, print) || at - first < width - 1 || at + 1 <= from) continue
        for (const length of tails.get(print) ?? []) {
          // Many values end alike, as private keys do. Their beginnings part them, where they can be seen.
          const start = at + 1 - length
          if (start < low || heads.get(roll.of(units, start, start + width))?.includes(length)) places.push({ length, end: at + 1 })
        }
      }
      return places
    },

    begun(units, low, end) {
      const first = Math.max(low, end - longest + 1)
      let print = 0
      for (let at = first; at < end; at++) {
        print = at - first < width ? roll.add(print, units[at]!) : roll.move(print, units[at]!, units[at - width]!)
        const start = at + 1 - width
        if (start >= first && (heads.get(print) ?? []).some((length) => start + length > end)) return start
      }
      for (let at = Math.max(first, end - width + 1); at < end; at++) {
        if (starts.has(roll.of(units, at, end), end - at)) return at
      }
      return end
    },
  }
}

interface Roll {
  readonly base: number
  /** What a unit has been multiplied by when it leaves. */
  readonly top: number
  add(print: number, unit: number): number
  /** Takes one unit in and the one `width` before it out. */
  move(print: number, unit: number, gone: number): number
  of(value: ArrayLike<number>, from: number, to: number): number
}

/** A polynomial over the integers modulo 2^32 (Rabin and Karp, 1987) in a secret odd base. */
function createRoll(width: number, seed: string): Roll {
  const base = secretBase(seed)
  let top = 1
  for (let i = 0; i < width; i++) top = Math.imul(top, base)
  const add = (print: number, unit: number): number => (Math.imul(print, base) + unit + 1) | 0
  return {
    base,
    top,
    add,
    move: (print, unit, gone) => (add(print, unit) - Math.imul(top, gone + 1)) | 0,
    of(value, from, to) {
      let print = 0
      for (let at = from; at < to; at++) print = add(print, value[at]!)
      return print
    },
  }
}

function secretBase(seed: string): number {
  // FNV-1a (Fowler, Noll, Vo): spreads the seed over 32 bits. The seed is what is secret here.
  let base = 2_166_136_261
  for (let i = 0; i < seed.length; i++) base = Math.imul(base ^ seed.charCodeAt(i), 16_777_619)
  // 5 modulo 8: the powers of such a base take the longest to repeat.
  return (base & ~7) | 5
}

function lengthsBy(
  values: readonly ArrayLike<number>[],
  key: (value: ArrayLike<number>) => number,
): Map<number, number[]> {
  const lengths = new Map<number, number[]>()
  for (const value of values) {
    const known = lengths.get(key(value)) ?? []
    if (!known.includes(value.length)) lengths.set(key(value), [...known, value.length])
  }
  return lengths
}

/** The upper half of a print has seen all its units: which of 65,536 bits stands for it. */
function bitOf(print: number): number {
  return print >>> 16
}

function bitsOf(prints: Iterable<number>): Uint8Array {
  const bits = new Uint8Array(1 << 13)
  for (const print of prints) bits[bitOf(print) >>> 3]! |= 1 << (bitOf(print) & 7)
  return bits
}

function mayHold(bits: Uint8Array, print: number): boolean {
  const bit = bitOf(print)
  return ((bits[bit >>> 3]! >>> (bit & 7)) & 1) === 1
}

/** Beginnings of less than `width` units. */
function startTable(
  values: readonly ArrayLike<number>[],
  width: number,
  roll: Roll,
): { has(print: number, length: number): boolean } {
  // 64 slots for each value: of the other beginnings of a length one in 64 is held back for nothing.
  const slots = 64 * Math.max(1, values.length)
  const slotOf = (print: number, length: number): number =>
    ((Math.imul(print ^ (print >>> 15), 0x2c_1b_3c_6d) >>> 0) % slots) * width + length
  const taken = new Set<number>()
  for (const value of values) {
    for (let length = 1; length < width; length++) taken.add(slotOf(roll.of(value, 0, length), length))
  }
  return { has: (print, length) => taken.has(slotOf(print, length)) }
}
