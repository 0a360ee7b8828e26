import { seenIn, type Sight } from './look.ts'
import { marksOf, type CanaryForm, type Mark } from './marks.ts'
import { createView, lettersOf, type View } from './view.ts'
import { base, beginUnits, fingerprintOf, leaving, maxSpread, wantedIn, type Wanted, type WantedIn } from './wanted.ts'

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

function itself(text: string): string {
  return text
}
