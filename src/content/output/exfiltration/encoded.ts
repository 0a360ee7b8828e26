/**
 * The text that a run of letters encodes: base64 (both alphabets), base32, hex, or codes of characters in decimal.
 * @returns `null` when it encodes nothing a person could read; random bytes practically never do
 */
export function readEncoded(run: string): string | null {
  return fromHex(run) ?? fromBase64(run) ?? fromBase32(run) ?? fromCodes(run)
}

// Twelve bytes: that all of them are letters or signs by chance has odds of one in 150,000, and of UTF-8 less.
const minBytes = 12

function fromBase64(run: string): string | null {
  if (!/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(run)) return null
  const plain = run.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  // A cut end loses its last letter, not the message.
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain
  return readable(Uint8Array.from(atob(whole), (letter) => letter.charCodeAt(0)))
}

function fromHex(run: string): string | null {
  if (!/^(?:[0-9a-fA-F]{2}){12,}$/.test(run)) return null
  return readable(Uint8Array.from(run.match(/../g)!, (pair) => Number.parseInt(pair, 16)))
}

function fromBase32(run: string): string | null {
  if (!/^(?:[A-Z2-7]{20,}|[a-z2-7]{20,})=*$/.test(run)) return null
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of run.replace(/=+$/, '').toUpperCase()) {
    held = (held << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
    held &= (1 << bits) - 1
  }
  return readable(Uint8Array.from(bytes))
}

function fromCodes(run: string): string | null {
  if (!/^(?:[0-9]{2,3}[-,._ ]){11,}[0-9]{2,3}$/.test(run)) return null
  const codes = run.split(/[-,._ ]/).map(Number)
  return codes.every((code) => code < 256) ? readable(Uint8Array.from(codes)) : null
}

function readable(bytes: Uint8Array): string | null {
  if (bytes.length < minBytes) return null
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
  if (/[^\P{C}\t\n\r]/u.test(text)) return null
  const letters = text.match(/[\p{L}\p{N} ]/gu)?.length ?? 0
  return letters / text.length >= 0.7 ? text : null
}
