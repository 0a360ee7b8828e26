import { unitsOf } from '../units.ts'
import { createFingerprints, type Fingerprints } from './fingerprint.ts'
import { formsOf } from './forms.ts'

/**
 * Recognises secrets nobody could tell by their shape: our own tokens, whatever is in a secret store. The values are
 * not kept: what stays are their lengths, a keyed digest of each whole, and short keyed fingerprints of how they begin
 * and end, which say where a digest is worth computing.
 */
export interface KnownValues {
  /** How many values it was given. */
  readonly size: number
  /** Values whose last unit stands at or behind `from`. For the detector. */
  endingIn(text: string, from: number): readonly { start: number; end: number }[]
  /** Where a value may have begun that the end of the text cuts off; `text.length` when nowhere. For the detector. */
  begunIn(text: string): number
  /** Whether UTF-8 bytes may hold a value, or the beginning of one at their end. For `secretsPossible`. */
  possibleIn(bytes: Uint8Array, start: number, end: number): boolean
}

/**
 * A digest no one can compute without the key, such as an HMAC with SHA-256 in base64. The key should be made anew for
 * each process: nothing outlives it.
 */
export type KeyedDigest = (text: string) => string

// With 12 characters of base64 a random text of 1 GiB holds a given value with a chance of 1 in 4 × 10^12.
const leastLength = 12

// Longer ones are files, not values: a window of a stream would have to wait for all of it.
const mostLength = 8192

/**
 * @param values what must not be shown, in clear; leading and trailing white space does not count. Found as they are
 * and as JSON text, base64 (at any of the three places in a larger base64 text), hexadecimal or percent-encoded.
 * @param digest called once for each form of a value now, and later where a fingerprint fits
 * @throws RangeError for a value of less than 12 characters, which ordinary text would hold by chance, or of more than
 * 8192. The message names its place in `values`, not the value.
 */
export function createKnownValues(values: readonly string[], digest: KeyedDigest): KnownValues {
  const forms = new Set<string>()
  for (const [place, value] of values.entries()) {
    const trimmed = value.trim()
    if (trimmed.length < leastLength || trimmed.length > mostLength) {
      throw new RangeError(`value ${place} has ${trimmed.length} characters, not ${leastLength} to ${mostLength}`)
    }
    for (const form of formsOf(trimmed)) if (form.length >= leastLength) forms.add(form)
  }
  const digests = new Set([...forms].map(digest))
  const seed = digest('fingerprint')
  const inText = createFingerprints([...forms].map(ownUnitsOf), leastLength, seed)
  const inBytes = createFingerprints([...forms].map((form) => encoder.encode(form)), leastLength, seed)

  return {
    size: values.length,
    endingIn: (text, from) => confirmed(inText, digests, digest, text, from),
    begunIn(text) {
      const first = Math.max(0, text.length - inText.longest)
      const end = first === 0 ? text : text.slice(first)
      return first + inText.begun(unitsOf(end), 0, end.length)
    },
    possibleIn: (bytes, start, end) =>
      inBytes.ends(bytes, start, start, end).some(({ length, end: at }) => at - length >= start) || inBytes.begun(bytes, start, end) < end,
  }
}

const encoder = new TextEncoder()

/** In memory of its own: what `unitsOf` shares keeps what was in it. */
function ownUnitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
}

function confirmed(
  fingerprints: Fingerprints,
  digests: ReadonlySet<string>,
  digest: KeyedDigest,
  text: string,
  from: number,
): { start: number; end: number }[] {
  const first = Math.max(0, from - leastLength + 1)
  const end = first === 0 ? text : text.slice(first)
  return fingerprints
    .ends(unitsOf(end), 0, from - first, end.length)
    .map(({ length, end: at }) => ({ start: first + at - length, end: first + at }))
    .filter((place) => place.start >= 0 && digests.has(digest(text.slice(place.start, place.end))))
}
