import type { Random } from '../../base/index.ts'

/** Keys that look like a provider's, open nothing and are watched for: whoever uses or shows one has read it. */
export type FakeKeyKind = 'anthropic' | 'aws' | 'github' | 'google' | 'openai' | 'slack' | 'stripe'

/**
 * A key in the provider's own format, check digits included, that no provider ever gave out. It looks like a secret to
 * redactors too: watch for it before secrets are taken out.
 */
export function mintFakeKey(kind: FakeKeyKind, random: Random): string {
  const fill = (length: number, alphabet: string): string => letters(random, length, alphabet)
  switch (kind) {
    case 'anthropic':
      return `sk-ant-api03-${fill(93, urlSafe)}AA`
    case 'aws':
      return `AKIA${fill(16, base32)}`
    case 'github':
      return withChecksum('ghp_', fill(30, alnum))
    case 'google':
      return `AIza${fill(35, urlSafe)}`
    case 'openai':
      // The middle is "OpenAI" in base64, which scanners look for.
      return `sk-proj-${fill(74, urlSafe)}${'T3Blbk' + 'FJ'}${fill(74, urlSafe)}`
    case 'slack':
      return `xoxb-${fill(12, digits)}-${fill(13, digits)}-${fill(24, alnum)}`
    case 'stripe':
      return `sk_live_${fill(24, alnum)}`
  }
}

const digits = '0123456789'
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const alnum = digits + upper + upper.toLowerCase()
const urlSafe = `${alnum}-_`
const base32 = `${upper}234567`

function letters(random: Random, length: number, alphabet: string): string {
  let text = ''
  while (text.length < length) {
    // Bytes beyond the last whole round of the alphabet would make its first letters likelier.
    const fair = Array.from(random.bytes(length)).filter((byte) => byte < 256 - (256 % alphabet.length))
    text += fair.map((byte) => alphabet[byte % alphabet.length]).join('')
  }
  return text.slice(0, length)
}

/** GitHub: CRC-32 of what stands behind the prefix, six digits in base 62 (github.blog, 2021-04-05). */
function withChecksum(prefix: string, body: string): string {
  let crc = 0xffffffff
  for (const letter of body) {
    crc ^= letter.charCodeAt(0)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  let rest = (crc ^ 0xffffffff) >>> 0
  let check = ''
  for (let i = 0; i < 6; i++) {
    check = alnum[rest % 62]! + check
    rest = Math.floor(rest / 62)
  }
  return prefix + body + check
}
