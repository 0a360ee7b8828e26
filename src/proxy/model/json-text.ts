/** Any JSON object, as parsed: every value in it is still unknown. */
export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as a list of objects; anything that is not one is left out. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** @returns `null` for whatever is not a JSON object (nesting beyond the parser's stack included). */
export function parseObject(text: string): JsonObject | null {
  // A failing parser makes an error with a stack, which costs more than many events: `[DONE]` ends every stream.
  if (text.charCodeAt(0) !== braceOpen && !text.trimStart().startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/**
 * How many members a JSON object has as it is written, those included that a parser drops because another one has the
 * same name. More than its parsed form has: a key occurs twice, we would judge one of its values and the provider might
 * obey the other (RFC 8259, section 4: behaviour is unpredictable).
 * @param text known to parse as an object; its strings are attacker-controlled
 */
export function countMembers(text: string): number {
  let colons = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = closingQuote(text, at)
    else if (code === braceOpen || code === bracketOpen) depth++
    else if (code === braceClose || code === bracketClose) depth--
    else if (code === colon && depth === 1) colons++
  }
  return colons
}

/**
 * Where the values of a JSON object's top level stand. Which one of two with the same name is not said: see
 * `countMembers`.
 * @param text known to parse as an object; its strings are attacker-controlled
 */
export function topLevel(text: string): Map<string, [number, number]> {
  const values = new Map<string, [number, number]>()
  let depth = 0
  let key: string | null = null
  let valueStart = -1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      const end = closingQuote(text, at)
      if (depth === 1 && key === null) {
        key = JSON.parse(text.slice(at, end + 1)) as string // decoded: "\u006dodel" is "model"
        valueStart = text.indexOf(':', end) + 1
      }
      at = end
    } else if (code === braceOpen || code === bracketOpen) depth++
    else if (code === braceClose || code === bracketClose) depth--
    if (key !== null && ((code === comma && depth === 1) || depth === 0)) {
      values.set(key, [valueStart, at])
      key = null
    }
  }
  return values
}

/** Index of the quote that ends the string literal opening at `open`; the length of the text when it never ends. */
export function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    if (!isEscaped(text, at)) return at
  }
  return text.length
}

/** True when an odd number of backslashes stands before the character. */
export function isEscaped(text: string, at: number): boolean {
  let first = at
  while (first > 0 && text.charCodeAt(first - 1) === backslash) first--
  return (at - first) % 2 === 1
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const braceOpen = 0x7b
const braceClose = 0x7d
const bracketOpen = 0x5b
const bracketClose = 0x5d
