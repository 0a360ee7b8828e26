/**
 * Does a value look as if a generator had made it? Used where only the name beside it says "secret", so that
 * `token = getToken()` and `password: changeme` stay readable.
 */
export function looksGenerated(value: string): boolean {
  if (isPlaceholder(value) || value.length < 12) return false
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false
  if (readsAsWords(value)) return false
  // Shannon entropy of uniform hex of 16 digits is about 3.0 bits a character, that of English words below it.
  return entropyOf(value) >= (/^[0-9a-fA-F-]+$/.test(value) ? 2.6 : 3)
}

/** Passwords are shorter and made by people: two kinds of characters will do, but not code and not a sentence. */
export function looksLikePassword(value: string): boolean {
  if (isPlaceholder(value) || value.length < 8) return false
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length
  if (kinds < 2 || !/[0-9]|[^A-Za-z0-9_.\-/]/.test(value)) return false
  return !/[()]|^[a-z][\w.]*\[|:$/.test(value) && entropyOf(value) >= 2.5
}

/** Stand-ins that people write where a secret goes, references to a secret elsewhere, and what we redacted before. */
export function isPlaceholder(value: string): boolean {
  if (/\[REDACTED|\$\{|\{\{|^\$[A-Za-z_(]|^%[A-Z_]{1,60}%|^\*{3}|\.\.\.|…/.test(value)) return true
  if (/^[<{[][^>}\]]{0,100}[>}\]]?$|^(?:pass|passw(?:or)?d|pw|secret|token|key)[>}\]]?$/i.test(value)) return true
  if (/your[_-]|change[_-]?me|placeholder|\bexample|redacted/i.test(value)) return true
  if (/process\.env|os\.environ|getenv|secrets?\.|vault:/i.test(value)) return true
  return new Set(value.toLowerCase()).size <= 3
}

/** Bits per character by the frequencies within the value (Shannon, 1948). */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>()
  for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}

/** `us-east1-gcp-starter`, `getTokenV2`: what signs and capitals separate are words, or nearly all of it is. */
function readsAsWords(value: string): boolean {
  const pieces = value.split(/[-_.:/]/)
  if (pieces.length > 1 && pieces.every((piece) => /^(?:[A-Za-z]{0,20}\d{0,2}|\d{1,4})$/.test(piece))) return true
  const runs = value.match(/[A-Z]?[a-z]{3,}|[A-Z]{4,}/g) ?? []
  return runs.reduce((sum, run) => sum + run.length, 0) / value.length > 0.7
}
