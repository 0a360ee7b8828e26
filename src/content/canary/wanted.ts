import type { CanaryForm, Mark } from './marks.ts'
import type { SealedCanary } from './watch.ts'

// Wide enough for a canary with a paragraph between any two letters; beyond that letters meet by chance.
export const maxSpread = 4096
/** How many letters make a fingerprint. */
export const beginUnits = 8

/** A mark that is watched for. */
export interface Wanted {
  id: string
  form: CanaryForm
  length: number
  digest: string
}

/** What is wanted in one view, by the fingerprint it begins with. */
export interface WantedIn {
  at: ReadonlyMap<number, readonly Wanted[]>
  /** A bit for each fingerprint there is. */
  maybe: Uint8Array
  /** A bit for its upper 15: small enough to stay at hand. */
  coarse: Uint8Array
}

export function wantedIn(canaries: readonly SealedCanary[], view: Mark['view']): WantedIn {
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
export const base = 0x01000193
export const leaving = Array.from({ length: beginUnits }).reduce<number>((product) => Math.imul(product, base), 1)

export function fingerprintOf(text: string): number {
  let hash = 0
  for (let i = 0; i < beginUnits; i++) hash = (Math.imul(hash, base) + text.charCodeAt(i)) | 0
  return hash >>> 12
}
