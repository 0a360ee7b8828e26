import { createDetector, preparePatterns, type Detector, type Finding, type PatternSet } from './detect.ts'
import type { KnownValues } from './known.ts'
import type { Span } from './resolve.ts'
import { registry } from './registry.ts'

/** Every kind of secret we know, in the order of the registry: for references and for proofs. */
export { registry as secretPatterns } from './registry.ts'

/**
 * Finds the secrets of a text: what `secretPatterns` lists, and the `known` values. Linear in its length, whatever it
 * holds. Escapes are taken as they stand: decode JSON before, in `"\u0067hp_…"` nothing is found.
 * @returns sorted, not overlapping; empty when there are none
 */
export function findSecrets(text: string, known: KnownValues | null = null): Finding[] {
  return spansOf(text, known).map(({ type, start, end }) => ({ type, start, end }))
}

/**
 * Replaces every secret by `[REDACTED_<TYPE>]`. `sk-…` keys become `[REDACTED_API_KEY]`, AWS key ids
 * `[REDACTED_AWS_KEY]`, GitHub tokens `[REDACTED_GH_TOKEN]`, as in OpenClaw's security hardening guide, step 6;
 * a known value whose vendor nobody recognises becomes `[REDACTED_SECRET]`.
 * What has been redacted is left alone the second time.
 */
export function redactSecrets(text: string, known: KnownValues | null = null): string {
  let redacted = ''
  let at = 0
  for (const span of spansOf(text, known)) {
    redacted += text.slice(at, span.start) + span.replacement
    at = span.end
  }
  return redacted + text.slice(at)
}

/**
 * How many UTF-16 units at the end of a text may belong to a secret that is not complete: hold these back before
 * showing the rest, but keep the 512 units before them, for what makes `password = …` a secret stands there. At most
 * 512, 16 KiB inside a private key block, or the length of a known value. A secret longer than that counts as found as
 * soon as it is certain, and its end is not held: use `createStreamRedactor`, which drops the rest of it.
 * @returns 0 when nothing is pending
 */
export function pendingSecretLength(text: string, known: KnownValues | null = null): number {
  return text.length - freshDetector(known).push(text, false).settledTo
}

/** A detector over the registry. The expressions are made once and shared: every use sets their place first. */
export function freshDetector(known: KnownValues | null): Detector {
  return createDetector(patternSet(), known)
}

let prepared: PatternSet | null = null

/** The registry, made ready once. */
export function patternSet(): PatternSet {
  return (prepared ??= preparePatterns(registry))
}

function spansOf(text: string, known: KnownValues | null): Span[] {
  return freshDetector(known).push(text, true).spans
}
