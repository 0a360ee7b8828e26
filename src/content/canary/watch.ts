import { asciiOf } from '../units.ts'
import { marksOf, type CanaryForm, type Mark } from './marks.ts'
import { createView, letterAt, lettersOf, type View } from './view.ts'

/** A digest of one text, in letters: an HMAC under a key of the installation, or the text itself. */
export type CanaryDigest = (text: string) => string

/** What a watch needs to know of a canary. It can be stored as JSON; without the digest's key it does not tell it. */
export interface SealedCanary {
  /** How a hit names it: where the canary was put. */
  id: string
  marks: readonly { view: Mark['view']; form: CanaryForm; length: number; begins: number; digest: string }[]
}

/** A canary was seen. Offsets are UTF-16 units of all the text the watch was given, `end` is exclusive. */
export interface CanaryHit {
  id: string
  form: CanaryForm
  start: number
  end: number
}

export interface CanaryWatch {
  /** @returns the canaries in the text, in the order they end; one that is there twice is named twice */
  find(text: string): CanaryHit[]
  /**
   * Watches a text that arrives in chunks. A hit comes with the chunk that completes it: cut the answer there. What was
   * shown before may hold the beginning of the canary, which tells nobody anything.
   */
  follow(): { push(chunk: string): CanaryHit[] }
}

/**
 * Prepares a canary to be watched for.
 * @param digest the same that the watch is given; absent: the canary is kept as it is
 * @throws RangeError for a canary of less than 12 letters and digits
 */
export function sealCanary(id: string, canary: string, digest: CanaryDigest = itself): SealedCanary {
  return {
    id,
    marks: marksOf(canary).map(({ view, form, text }) => ({
      view,
      form,
      length: text.length,
      begins: fingerprintOf(text),
      digest: digest(text),
    })),
  }
}

/**
 * Watches for canaries as they are, in other case, spaced, with anything between their letters, reversed, in rot13 or
 * atbash, in hex, octal, decimal (lists of numbers as well), binary, base 32, 58, 64 or 85, uuencoded or
 * quoted-printable (one layer of these; hex and base64 also backwards), whole or any two words of them. Linear in the length of
 * the text; between the first and last letter of one may stand at most 4,096 units.
 */
export function createCanaryWatch(canaries: readonly SealedCanary[], digest: CanaryDigest = itself): CanaryWatch {
  const longest = Math.max(0, ...canaries.flatMap(({ marks }) => marks.map(({ length }) => length)))
  const sightOf = (kind: Mark['view']): Sight => ({ kind, letters: lettersOf(kind), wanted: wantedIn(canaries, kind) })
  const sights = [sightOf('folded'), sightOf('exact')] as const
  const inOrder = (a: CanaryHit, b: CanaryHit): number => a.end - b.end
  return {
    find: (text) => seenIn(text, sights, digest).flatMap((hits) => withoutRepeats(hits.sort(inOrder))).sort(inOrder),
    follow() {
      const readers = sights.map(({ kind, wanted }): Reader => {
        const last = new Uint8Array(beginUnits)
        return { view: createView(kind, longest), wanted, open: [], hash: 0, last, turn: 0 }
      })
      return { push: (chunk: string) => readers.flatMap((reader) => withoutRepeats(read(reader, chunk, digest))).sort(inOrder) }
    },
  }
}

// Wide enough for a canary with a paragraph between any two letters; beyond that letters meet by chance.
const maxSpread = 4096
const beginUnits = 8

interface Wanted {
  id: string
  form: CanaryForm
  length: number
  digest: string
}

/** What is wanted in one view, by the fingerprint it begins with. */
interface WantedIn {
  at: ReadonlyMap<number, readonly Wanted[]>
  /** A bit for each fingerprint there is. */
  maybe: Uint8Array
  /** A bit for its upper 15: small enough to stay at hand. */
  coarse: Uint8Array
}

interface Open {
  /** Place in the view. */
  at: number
  wanted: Wanted
}

interface Reader {
  view: View
  wanted: WantedIn
  open: Open[]
  /** Of the last eight letters, which lie in `last` as in a ring. */
  hash: number
  last: Uint8Array
  turn: number
}

function read(reader: Reader, chunk: string, digest: CanaryDigest): CanaryHit[] {
  const { view, wanted } = reader
  const hits: CanaryHit[] = []
  for (let i = 0; i < chunk.length; i++) {
    const letter = view.take(chunk.charCodeAt(i))
    if (letter === 0) continue
    reader.hash = (Math.imul(reader.hash, base) + letter - Math.imul(reader.last[reader.turn]!, leaving)) | 0
    reader.last[reader.turn] = letter
    reader.turn = (reader.turn + 1) % beginUnits
    const begins = reader.hash >>> 12
    if ((wanted.maybe[begins >>> 3]! >>> (begins & 7)) & 1 && view.length >= beginUnits) {
      for (const one of wanted.at.get(begins) ?? []) reader.open.push({ at: view.length - beginUnits, wanted: one })
    }
    if (reader.open.length > 0) settle(reader, digest, hits)
  }
  return hits
}

// What the last eight letters were and where they stood, as in a ring: a part for each view. Shared by all looks, which
// never interleave.
const ringLetters = new Uint8Array(2 * beginUnits)
const ringPlaces = new Int32Array(2 * beginUnits)

interface Sight {
  kind: Mark['view']
  letters: Uint8Array
  wanted: WantedIn
}

/**
 * All of a text at once: nothing is kept of it but its last eight letters in each of the views, which are gone through
 * together, because every letter of one is a letter of the other.
 */
function seenIn(text: string, [folded, exact]: readonly [Sight, Sight], digest: CanaryDigest): CanaryHit[][] {
  const hits: CanaryHit[][] = [[], []]
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
      standing(text, { sight: exact, begins: exactHash >>> 12, start: ringPlaces[exactCount & lastOfRing]!, digest }, hits[1]!)
    }

    const small = unit < 0xd800 ? folded.letters[unit]! : letterAt(text, i, folded)
    if (small === 0) continue
    const place = beginUnits + (foldedCount++ & lastOfRing)
    foldedHash = (Math.imul(foldedHash, base) + small - Math.imul(ringLetters[place]!, leaving)) | 0
    ringLetters[place] = small
    ringPlaces[place] = i
    const less = foldedHash >>> 17
    if (((foldedBits[less >>> 3]! >>> (less & 7)) & 1) !== 0 && foldedCount >= beginUnits) {
      standing(text, { sight: folded, begins: foldedHash >>> 12, start: ringPlaces[beginUnits + (foldedCount & lastOfRing)]!, digest }, hits[0]!)
    }
  }
  return hits
}

const lastOfRing = beginUnits - 1

interface Sought {
  sight: Sight
  begins: number
  start: number
  digest: CanaryDigest
}

/** Adds those wanted ones whose first letter stands there. */
function standing(text: string, { sight, begins, start, digest }: Sought, hits: CanaryHit[]): void {
  const wanted = sight.wanted.at.get(begins)
  if (!wanted) return
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

/** Judges what has as many letters now as it takes. */
function settle(reader: Reader, digest: CanaryDigest, hits: CanaryHit[]): void {
  const { view } = reader
  const isWhole = ({ at, wanted }: Open): boolean => at + wanted.length <= view.length
  if (!reader.open.some(isWhole)) return
  for (const { at, wanted } of reader.open.filter(isWhole)) {
    const start = view.origin(at)
    const end = view.origin(at + wanted.length - 1) + 1
    if (end - start <= maxSpread && digest(view.slice(at, at + wanted.length)) === wanted.digest) {
      hits.push({ id: wanted.id, form: wanted.form, start, end })
    }
  }
  reader.open = reader.open.filter((one) => !isWhole(one))
}

/** A canary of three words is found twice, by its first two and its last two. */
function withoutRepeats(hits: CanaryHit[]): CanaryHit[] {
  const repeats = (hit: CanaryHit, other: CanaryHit): boolean => other.id === hit.id && other.end > hit.start
  return hits.filter((hit, i) => !hits.slice(Math.max(0, i - 8), i).some((other) => repeats(hit, other)))
}

function wantedIn(canaries: readonly SealedCanary[], view: Mark['view']): WantedIn {
  const at = new Map<number, Wanted[]>()
  const maybe = new Uint8Array(fingerprints >>> 3)
  const coarse = new Uint8Array(fingerprints >>> 8)
  for (const { id, marks } of canaries) {
    for (const { view: own, begins, ...mark } of marks) {
      if (own !== view) continue
      maybe[begins >>> 3]! |= 1 << (begins & 7)
      coarse[begins >>> 8]! |= 1 << ((begins >>> 5) & 7)
      at.set(begins, [...(at.get(begins) ?? []), { id, ...mark }])
    }
  }
  return { at, maybe, coarse }
}

// 20 bits of the first eight letters: too little to guess the rest from, enough that a digest is seldom computed.
const fingerprints = 1 << 20
// FNV's 32-bit prime; what a letter has been multiplied by when it leaves the eight.
const base = 0x01000193
const leaving = Array.from({ length: beginUnits }).reduce<number>((product) => Math.imul(product, base), 1)

function fingerprintOf(text: string): number {
  let hash = 0
  for (let i = 0; i < beginUnits; i++) hash = (Math.imul(hash, base) + text.charCodeAt(i)) | 0
  return hash >>> 12
}

function itself(text: string): string {
  return text
}
