import { bitOf } from './concepts.ts'
import type { Words } from './words.ts'

/** How many places the features of a model are hashed to. */
export const featureCount = 1 << 16

// How many words apart two concepts still belong together: "ignore everything that you were told before".
const reach = 6
/** More features than one word can have. */
export const mostFeatures = 64

/**
 * The features a word brings in: itself, itself with its neighbours, what it means, what it means with what was meant
 * shortly before, and what the sentence opens with. All stay inside the sentence.
 * @param out receives the places, from 0 on
 * @returns how many
 */
export function featuresAt(words: Words, at: number, out: Int32Array): number {
  const { hash, sentence } = words
  const own = hash[at]!
  const before = at > 0 && sentence[at - 1] === sentence[at] ? hash[at - 1]! : start
  const beforeThat = at > 1 && sentence[at - 2] === sentence[at] ? hash[at - 2]! : start
  out[0] = placeOf(own, 1)
  out[1] = placeOf(Math.imul(before, 31) ^ own, 2)
  out[2] = placeOf(Math.imul(beforeThat, 31) ^ own, 3)
  return addOpening(words, at, out, addConcepts(words, at, out, 3))
}

/** What a sentence begins by meaning, a "please" aside: an order begins with its verb, whichever it is. */
function addOpening(words: Words, at: number, out: Int32Array, from: number): number {
  let count = from
  if (!opensSentence(words, at)) return count
  for (let mine = words.concepts[at]!; mine !== 0 && count < mostFeatures; mine &= mine - 1) {
    out[count++] = placeOf(Math.clz32(mine & -mine), 6)
  }
  return count
}

function opensSentence({ sentence, concepts }: Words, at: number): boolean {
  let before = at - 1
  if (before >= 0 && sentence[before] === sentence[at] && (concepts[before]! & polite) !== 0) before--
  return before < 0 || sentence[before] !== sentence[at]
}

const polite = bitOf('please') | bitOf('now')

// Stands before the first word of a sentence: an order begins with its verb.
const start = 0x5bd1e995

function addConcepts(words: Words, at: number, out: Int32Array, from: number): number {
  const { concepts, sentence } = words
  let count = from
  for (let mine = concepts[at]!; mine !== 0; mine &= mine - 1) {
    const concept = Math.clz32(mine & -mine)
    out[count++] = placeOf(concept, 4)
    for (let i = at - 1; i >= 0 && i >= at - reach && sentence[i] === sentence[at]; i--) {
      for (let other = concepts[i]!; other !== 0; other &= other - 1) {
        if (count === mostFeatures) return count
        out[count++] = placeOf((concept << 5) | Math.clz32(other & -other), 5)
      }
    }
  }
  return count
}

/** Spreads a hash over the places (the finaliser of MurmurHash3, A. Appleby, public domain). */
function placeOf(hash: number, kind: number): number {
  let mixed = Math.imul(hash ^ Math.imul(kind, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) & (featureCount - 1)
}
