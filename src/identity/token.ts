import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Secret, systemRandom, type Random } from '../base/index.ts'

/** `tok`: lets people and programs in at our doors. `vk`: a virtual key for the model proxy, worthless elsewhere. */
export type TokenKind = 'tok' | 'vk'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
// 32 bytes are 43 characters of base64url, a CRC32 is six of base62.
const shape = /^hs_(?:tok|vk)_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}$/

/**
 * A fresh token: `hs_tok_…` or `hs_vk_…`, 256 random bits, then a checksum. Prefix and checksum let a leak scanner
 * tell ours from every other long string, without asking us.
 */
export function generateToken(kind: TokenKind, random: Random = systemRandom): Secret {
  const body = `hs_${kind}_${random.bytes(32).toString('base64url')}`
  return new Secret(body + checksum(body))
}

/** True for a whole text that could have been made by `generateToken`; says nothing about whether it is in use. */
export function isOurToken(text: string): boolean {
  return shape.test(text) && checksum(text.slice(0, -6)) === text.slice(-6)
}

/**
 * What is kept instead of the token: SHA-256 in hex. A slow password hash would add nothing, there are 256 random
 * bits to guess; but the entry must therefore be a generated token, never a password.
 */
export function digestToken(token: Secret): string {
  return createHash('sha256').update(token.reveal()).digest('hex')
}

/** CRC32 in six digits of base62, as leak scanners know it from GitHub's tokens. Catches slips, not forgeries. */
function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let i = 0; i < 6; i++) {
    digits = alphabet[rest % 62]! + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
