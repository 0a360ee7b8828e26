import { mixedScriptWords } from '../encoding/confusables.ts'

/** Characters that show a person something else than a model reads, in such number or place that nobody means well. */
export interface Smuggled {
  kind: 'tags' | 'selectors' | 'bidi' | 'zero-width' | 'mixed-script'
  /** UTF-16 offsets. */
  start: number
  end: number
}

/**
 * Finds smuggling, and leaves alone what ordinary writing holds: flags of regions, emoji, a byte order mark, joiners
 * of scripts that need them, one soft hyphen or zero-width space as web pages have them.
 * Source: Unicode TR36, TR39; CVE-2021-42574; OWASP LLM01 (tag block); P. Butler 2025 (bytes in selectors).
 */
export function findSmuggled(text: string): Smuggled[] {
  if (!/[^\0-\x7f]/.test(text)) return []
  return [...hidden(text), ...mixedScriptWords(text).map((place) => ({ kind: 'mixed-script' as const, ...place }))].sort((a, b) => a.start - b.start)
}

const shapes: readonly { kind: Smuggled['kind']; shape: RegExp }[] = [
  // Three letters: the flags of England, Scotland and Wales are a black flag and five tags.
  { kind: 'tags', shape: /(?<!\u{1F3F4}[\u{E0020}-\u{E007F}]{0,8})[\u{E0020}-\u{E007E}]{3,}/gu },
  // One selector follows a sign; four in a row follow nothing.
  { kind: 'selectors', shape: /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{4,}/gu },
  // Overrides turn letters round. Isolates and marks do not: right-to-left writing needs them.
  { kind: 'bidi', shape: /[\u202D\u202E]/gu },
  // Inside a word of ASCII letters, or many in a row: bits of a hidden text.
  { kind: 'zero-width', shape: /(?<=[A-Za-z])[\u200B-\u200D\u2060-\u2064\uFEFF]{1,64}(?=[A-Za-z])|[\u200B-\u200D\u2060-\u2064\uFEFF]{8,}/gu },
]

function hidden(text: string): Smuggled[] {
  return shapes.flatMap(({ kind, shape }) =>
    [...text.matchAll(shape)].map(({ 0: found, index }) => ({ kind, start: index, end: index + found.length })),
  )
}
