import { createDetector, lookBehind, possibleAt } from './detect.ts'
import { patternSet } from './find.ts'
import type { Hit } from './keyword-index.ts'
import type { KnownValues } from './known.ts'

/**
 * A quick look at UTF-8 bytes, without making a string of them. `false` means: decoded, they hold nothing
 * `findSecrets` would find, and nothing `pendingSecretLength` would hold back at their end. `true` means: look.
 * Escapes are taken as they stand: JSON with a backslash in it is to be decoded and looked through in any case.
 * @param end exclusive
 */
export function secretsPossible(
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
  known: KnownValues | null = null,
): boolean {
  if (known?.possibleIn(bytes, start, end)) return true
  const { index } = patternSet()
  // Looking closer costs some hundred times a plain byte: a text full of keywords is not worth a quick look.
  let looksLeft = 32 + (end - start) / 256
  for (let hit = index.nextInBytes(bytes, start, end); hit; hit = index.nextInBytes(bytes, hit.at + 1, end)) {
    if (looksLeft-- <= 0 || possibleInBytes(bytes, hit, start, end)) return true
  }
  return pendingAtEnd(bytes, start, end)
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

// UTF-8 takes three bytes for a UTF-16 unit at most (RFC 3629): a pair of units takes four.
const bytesPerUnit = 3
// More than the longest keyword, and more than what a lead may take before it.
const tailBytes = 512

function possibleInBytes(bytes: Uint8Array, { at, patterns }: Hit, start: number, end: number): boolean {
  const longest = Math.max(...patterns.map(({ partial }) => partial.longest)) + lookBehind
  const before = decode(bytes, Math.max(start, at - lookBehind * bytesPerUnit), at)
  const text = before + decode(bytes, at, Math.min(end, at + longest * bytesPerUnit))
  return possibleAt(text, before.length, patterns)
}

function pendingAtEnd(bytes: Uint8Array, start: number, end: number): boolean {
  const tail = decode(bytes, Math.max(start, end - tailBytes), end)
  return createDetector(patternSet(), null).push(tail, false).settledTo < tail.length
}

/** From the first whole character on: a window may begin inside one. */
function decode(bytes: Uint8Array, from: number, to: number): string {
  let first = from
  while (first < to && first < from + bytesPerUnit && (bytes[first]! & 0xc0) === 0x80) first++
  return decoder.decode(bytes.subarray(first, to))
}
