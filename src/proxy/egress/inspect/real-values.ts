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
 * base64 at any place of a larger base64 text. Works on bytes of any kind; only what may still become one of them is
 * held back, so that an answer that trickles is not kept waiting.
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

/** How many characters at the end may be the beginning of a needle. */
function begun(text: string, needles: readonly string[]): number {
  const longest = needles[0]?.length ?? 0
  for (let length = Math.min(longest - 1, text.length); length > 0; length--) {
    const tail = text.slice(-length)
    if (needles.some((needle) => needle.length > length && needle.startsWith(tail))) return length
  }
  return 0
}

// A part of a base64 text shorter than this stands in other text by chance.
const leastEncoded = 8
// A value of less is no secret, and would be taken out of everything.
const leastValue = 4

function formsOf(value: string): string[] {
  if (value.length < leastValue) return []
  const bytes = Buffer.from(value, 'utf8')
  const hex = bytes.toString('hex')
  const encoded = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((lead) => base64Inside(bytes, lead))]
  const escaped = [JSON.stringify(value).slice(1, -1), encodeURIComponent(value), encodeURIComponent(value).replaceAll('%20', '+')]
  const plain = [value, ...escaped].map((text) => Buffer.from(text, 'utf8').toString('latin1'))
  return [...plain, ...encoded.filter((text) => text.length >= leastEncoded)]
}

/** What base64 makes of the bytes behind `lead` others, without the characters the neighbours share in. */
function base64Inside(bytes: Buffer, lead: number): string[] {
  const whole = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64').replaceAll('=', '')
  const start = Math.ceil((lead * 8) / 6)
  const end = Math.floor(((lead + bytes.length) * 8) / 6)
  const inside = whole.slice(start, end)
  return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')]
}
