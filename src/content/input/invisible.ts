/** What was taken out of a text, by kind. Empty kinds are not listed. */
export interface Removal {
  kind: 'control' | 'bidi' | 'zero-width' | 'tag' | 'selector' | 'filler' | 'surrogate' | 'html' | 'markdown'
  /** Code points; for `html` and `markdown` UTF-16 units. */
  count: number
}

/**
 * Removes what a person does not see and a model does: control and bidi characters, zero-width ones, the tag block
 * ("ASCII smuggling"), surplus variation selectors, blank letters, halves of surrogate pairs. Joiners stay where
 * writing needs them: between letters of scripts that join, and inside an emoji.
 * Source: Unicode TR36 and TR39; CVE-2021-42574 (bidi), OWASP LLM01 (tag block).
 */
export function removeInvisible(text: string): { text: string; removed: Removal[] } {
  const counts = new Map<Removal['kind'], number>()
  const cleaned = text.replace(invisible, (found, ...rest: unknown[]) => {
    const at = rest.find((one) => typeof one === 'number') as number
    if (isNeeded(found, text, at)) return found
    const kind = kindOf(found.codePointAt(0)!)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    return ''
  })
  return { text: cleaned, removed: [...counts].map(([kind, count]) => ({ kind, count })) }
}

/** Tests one code point: does it vanish from what is matched against patterns? */
export function isInvisible(codePoint: string): boolean {
  invisible.lastIndex = 0
  return invisible.test(codePoint)
}

// Cf: format characters; Cc but tab, line feed, carriage return; Cs: lone surrogates under the u flag; then letters
// that are drawn as nothing (Hangul and Khmer fillers), variation selectors and non-characters.
const invisible = new RegExp(
  '(?![\\t\\n\\r])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Noncharacter_Code_Point}' +
    '\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u3164\\uFFA0\\uFE00-\\uFE0F\\u{E0000}-\\u{E0FFF}]',
  'gu',
)

const joiningScripts = [
  'Arabic', 'Syriac', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Tamil', 'Telugu', 'Kannada',
  'Malayalam', 'Sinhala', 'Khmer',
]
const joining = new RegExp(`[\\p{M}${joiningScripts.map((script) => `\\p{Script=${script}}`).join('')}]`, 'u')
const pictograph = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]/u

function isNeeded(found: string, text: string, at: number): boolean {
  const before = codePointBefore(text, at)
  const after = String.fromCodePoint(text.codePointAt(at + found.length) ?? 32)
  if (found === '\u200C') return joining.test(before) && joining.test(after)
  if (found === '\u200D') {
    return (joining.test(before) && joining.test(after)) || (pictograph.test(before) && pictograph.test(after))
  }
  if (isTag(found)) return flagOfRegion.test(text.slice(Math.max(0, at - 12), at + 2))
  // One selector after a sign that has an emoji form; a second one in a row carries hidden bytes.
  return found === '\uFE0F' && /[\p{Emoji}]/u.test(before)
}

function isTag(found: string): boolean {
  const code = found.codePointAt(0)!
  return code >= 0xe0061 && code <= 0xe007f
}

// 🏴 and five letters of a region, then the cancel tag: England, Scotland, Wales (Unicode TR51, emoji tag sequences).
const flagOfRegion = /\u{1F3F4}(?:[\u{E0061}-\u{E007A}]{1,5}|[\u{E0061}-\u{E007A}]{5}\u{E007F})$/u

/** The code point before a place, or a space. */
function codePointBefore(text: string, at: number): string {
  if (at === 0) return ' '
  const unit = text.charCodeAt(at - 1)
  return at > 1 && unit >= 0xdc00 && unit <= 0xdfff ? text.slice(at - 2, at) : text[at - 1]!
}

function kindOf(code: number): Removal['kind'] {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return 'control'
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return 'bidi'
  if (code === 0x200e || code === 0x200f || code === 0x61c) return 'bidi'
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag'
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'selector'
  if (code >= 0xd800 && code <= 0xdfff) return 'surrogate'
  return [0x115f, 0x1160, 0x3164, 0xffa0, 0x17b4, 0x17b5].includes(code) ? 'filler' : 'zero-width'
}
