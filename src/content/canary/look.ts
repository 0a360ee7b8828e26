import { asciiOf } from '../units.ts'
import type { Mark } from './marks.ts'
import { letterAt } from './view.ts'
import { base, beginUnits, leaving, maxSpread, type WantedIn } from './wanted.ts'
import type { CanaryDigest, CanaryHit } from './watch.ts'

// What the last eight letters were and where they stood, as in a ring: a part for each view. Shared by all looks, which
// never interleave: no code of anybody else runs while they are in use.
const ringLetters = new Uint8Array(2 * beginUnits)
const ringPlaces = new Int32Array(2 * beginUnits)

/** One of the two views, and what is wanted in it. */
export interface Sight {
  kind: Mark['view']
  letters: Uint8Array
  wanted: WantedIn
}

/**
 * All of a text at once: nothing is kept of it but its last eight letters in each of the views, which are gone through
 * together, because every letter of one is a letter of the other.
 */
export function seenIn(text: string, [folded, exact]: readonly [Sight, Sight], digest: CanaryDigest): CanaryHit[][] {
  const hits: CanaryHit[][] = [[], []]
  const [foldedPlaces, exactPlaces]: [Place[], Place[]] = [[], []]
  if (folded.wanted.at.size + exact.wanted.at.size === 0) return hits
  const [foldedBits, exactBits] = [folded.wanted.coarse, exact.wanted.coarse]
  const units = asciiOf(text)
  ringLetters.fill(0)
  let [foldedHash, exactHash] = [0, 0]
  let [foldedCount, exactCount] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    const unit = units ? units[i]! : text.charCodeAt(i)
    const letter = unit < 0xd800 ? exact.letters[unit]! : letterAt(text, i, exact)
    if (letter === 0) continue
    const turn = exactCount++ & lastOfRing
    exactHash = (Math.imul(exactHash, base) + letter - Math.imul(ringLetters[turn]!, leaving)) | 0
    ringLetters[turn] = letter
    ringPlaces[turn] = i
    const few = exactHash >>> 17
    if (((exactBits[few >>> 3]! >>> (few & 7)) & 1) !== 0 && exactCount >= beginUnits) {
      const begins = exactHash >>> 12
      if (exact.wanted.at.has(begins)) exactPlaces.push({ begins, start: ringPlaces[exactCount & lastOfRing]! })
    }

    const small = unit < 0xd800 ? folded.letters[unit]! : letterAt(text, i, folded)
    if (small === 0) continue
    const place = beginUnits + (foldedCount++ & lastOfRing)
    foldedHash = (Math.imul(foldedHash, base) + small - Math.imul(ringLetters[place]!, leaving)) | 0
    ringLetters[place] = small
    ringPlaces[place] = i
    const less = foldedHash >>> 17
    if (((foldedBits[less >>> 3]! >>> (less & 7)) & 1) !== 0 && foldedCount >= beginUnits) {
      const begins = foldedHash >>> 12
      if (folded.wanted.at.has(begins)) foldedPlaces.push({ begins, start: ringPlaces[beginUnits + (foldedCount & lastOfRing)]! })
    }
  }
  // Only now: whoever makes digests may look at other texts, in the same memory.
  for (const place of foldedPlaces) standing(text, { ...place, sight: folded, digest }, hits[0]!)
  for (const place of exactPlaces) standing(text, { ...place, sight: exact, digest }, hits[1]!)
  return hits
}

const lastOfRing = beginUnits - 1

interface Place {
  begins: number
  start: number
}

interface Sought extends Place {
  sight: Sight
  digest: CanaryDigest
}

/** Adds those wanted ones whose first letter stands there. */
function standing(text: string, { sight, begins, start, digest }: Sought, hits: CanaryHit[]): void {
  const wanted = sight.wanted.at.get(begins)!
  const longest = Math.max(...wanted.map(({ length }) => length))
  const found: number[] = []
  const places: number[] = []
  for (let i = start; i < text.length && i < start + maxSpread && found.length < longest; i++) {
    const letter = letterAt(text, i, sight)
    if (letter === 0) continue
    found.push(letter)
    places.push(i)
  }
  const all = String.fromCharCode(...found)
  for (const { id, form, length, digest: own } of wanted) {
    if (length <= all.length && digest(all.slice(0, length)) === own) hits.push({ id, form, start, end: places[length - 1]! + 1 })
  }
}
