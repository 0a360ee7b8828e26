import type { Secret } from '../../../base/index.ts'

/** Takes values out of bytes that arrive in pieces. Text is latin1, one character a byte. */
export interface ValueRedactor {
  push(bytes: string): string
  end(): string
  /** How many were taken out. */
  readonly count: number
}

/**
 * Removes secrets we put into requests from what comes back: as they are, as JSON text, percent-encoded, in hex and in
 * base64 at any place of a larger base64 text. Works on bytes of any kind; a line that has ended is not held back, so that
 * a stream of events is not kept waiting.
 */
export function createValueRedactor(secrets: readonly Secret[]): ValueRedactor {
  const needles = [...new Set(secrets.flatMap((secret) => formsOf(secret.reveal())))].sort((a, b) => b.length - a.length)
  let held = ''
  let count = 0
  const replaced = (text: string): string => {
    for (const needle of needles) {
      const parts = text.split(needle)
      count += parts.length - 1
      text = parts.join(mark)
    }
    return text
  }
  return {
    get count() {
      return count
    },
    push(bytes) {
      const text = replaced(held + bytes)
      const keep = begun(text, needles)
      held = text.slice(text.length - keep)
      return text.slice(0, text.length - keep)
    },
    end() {
      const rest = held
      held = ''
      return rest
    },
  }
}

const mark = '[redacted]'

/**
 * How many characters at the end are held back, because they may be the beginning of a needle. Every run without a gap
 * is, whatever it says: if only beginnings of the value were, an agent that sees its own words come back would read
 * the value letter by letter off the moment they arrive.
 */
function begun(text: string, needles: readonly string[]): number {
  const longest = needles[0]?.length ?? 0
  const most = Math.min(longest - 1, text.length)
  let run = 0
  while (run < most && !gap.test(text[text.length - 1 - run]!)) run++
  // Values with gaps in them, such as keys in PEM.
  for (let length = most; length > run; length--) {
    const tail = text.slice(-length)
    if (needles.some((needle) => needle.length > length && needle.startsWith(tail))) return length
  }
  return run
}

// Ends a run: no token, and no encoding of one, has these.
const gap = /[\s\0]/

// A part of a base64 text shorter than this stands in other text by chance.
const leastEncoded = 8
// A value of less is no secret, and would be taken out of everything.
const leastValue = 4

function formsOf(value: string): string[] {
  if (value.length < leastValue) return []
  const bytes = Buffer.from(value, 'utf8')
  const hex = bytes.toString('hex')
  const encoded = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((lead) => base64Inside(bytes, lead))]
  const plain = [value, ...inJson(value), ...inPercent(value), ...inHtml(value)].map((text) => Buffer.from(text, 'utf8').toString('latin1'))
  return [...plain, ...encoded.filter((text) => text.length >= leastEncoded)]
}

/** As JSON.stringify writes it, PHP (`\/`), and .NET, Go and Rails (`\u002B`). */
function inJson(value: string): string[] {
  const usual = (char: string): string => JSON.stringify(char).slice(1, -1)
  const hex = (char: string): string => char.charCodeAt(0).toString(16).padStart(4, '0')
  const ways = [usual, (char: string) => `\\u${hex(char)}`, (char: string) => `\\u${hex(char).toUpperCase()}`]
  const plain = JSON.stringify(value).slice(1, -1)
  const wary = [/[<>&]/, /["<>&'+`]/].flatMap((chars) => ways.map((way) => [...value].map((char) => (chars.test(char) ? way(char) : usual(char))).join('')))
  return [plain, plain.replaceAll('/', '\\/'), ...wary]
}

/** As JavaScript writes it, by the letter of RFC 3986, for forms, and each in lower case. */
function inPercent(value: string): string[] {
  const usual = encodeURIComponent(value)
  const strict = usual.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const all = [usual, strict, strict.replaceAll('~', '%7E')].flatMap((text) => [text, text.replaceAll('%20', '+')])
  return [...all, ...all.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))]
}

/** With the characters HTML escapes, by name or number, and those templates escape beside them. */
function inHtml(value: string): string[] {
  const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  const hex = (char: string): string => `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`
  const decimal = (char: string): string => `&#${char.charCodeAt(0)};`
  const ways: ((char: string) => string)[] = [hex, (char) => hex(char).toLowerCase(), decimal, (char) => (char === "'" ? '&apos;' : decimal(char)), (char) => (char === "'" ? decimal(char) : hex(char))]
  return [/[&<>]/g, /[&<>"]/g, /[&<>"']/g, /[&<>"'/]/g, /[&<>"'`=/]/g, /[&<>"'+=]/g].flatMap((chars) => ways.map((way) => value.replaceAll(chars, (char) => named[char] ?? way(char))))
}

/** What base64 makes of the bytes behind `lead` others, without the characters the neighbours share in. */
function base64Inside(bytes: Buffer, lead: number): string[] {
  const whole = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64').replaceAll('=', '')
  const start = Math.ceil((lead * 8) / 6)
  const end = Math.floor(((lead + bytes.length) * 8) / 6)
  const inside = whole.slice(start, end)
  return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')]
}
