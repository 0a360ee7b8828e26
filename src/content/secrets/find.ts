import { compilePattern } from './compile.ts'
import { createDetector, preparePatterns, type Detector, type Finding, type PatternSet } from './detect.ts'
import type { Span } from './resolve.ts'
import { registry } from './registry.ts'

/** Every kind of secret we know, in the order of the registry: for references and for proofs. */
export { registry as secretPatterns } from './registry.ts'

/**
 * Finds the secrets of a text: what `secretPatterns` lists. Linear in its length, whatever it holds.
 * @returns sorted, not overlapping; empty when there are none
 */
export function findSecrets(text: string): Finding[] {
  return spansOf(text).map(({ type, start, end }) => ({ type, start, end }))
}

/**
 * Replaces every secret by `[REDACTED_<TYPE>]`. `sk-…` keys become `[REDACTED_API_KEY]`, AWS key ids
 * `[REDACTED_AWS_KEY]`, GitHub tokens `[REDACTED_GH_TOKEN]`, as in OpenClaw's security hardening guide, step 6.
 * What has been redacted is left alone the second time.
 */
export function redactSecrets(text: string): string {
  let redacted = ''
  let at = 0
  for (const span of spansOf(text)) {
    redacted += text.slice(at, span.start) + span.replacement
    at = span.end
  }
  return redacted + text.slice(at)
}

/**
 * How many UTF-16 units at the end of a text may be the beginning of a secret that is not complete: hold these back
 * before showing the rest. At most 512, or 16 KiB inside a private key block. A secret longer than that counts as
 * found as soon as it is certain, and its end is not held: use `createStreamRedactor`, which drops the rest of it.
 * @returns 0 when nothing is pending
 */
export function pendingSecretLength(text: string): number {
  return text.length - freshDetector().push(text, false).settledTo
}

let prepared: PatternSet | null = null

/** A detector over the registry. The expressions are made once and shared: every use sets their place first. */
export function freshDetector(): Detector {
  prepared ??= preparePatterns(registry.map(compilePattern))
  return createDetector(prepared)
}

function spansOf(text: string): Span[] {
  return freshDetector().push(text, true).spans
}
