import { createHash } from 'node:crypto'
import { checkDigits, Secret, systemRandom, type Random } from '../base/index.ts'

/** `tok`: lets people and programs in at our doors. `vk`: a virtual key for the model proxy, worthless elsewhere. */
export type TokenKind = 'tok' | 'vk'

// 32 bytes are 43 characters of base64url; behind them stand six check digits.
const shape = /^hs_(?:tok|vk)_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}$/

/**
 * A fresh token: `hs_tok_…` or `hs_vk_…`, 256 random bits, then a checksum. Prefix and checksum let a leak scanner
 * tell ours from every other long string, without asking us.
 */
export function generateToken(kind: TokenKind, random: Random = systemRandom): Secret {
  const body = `hs_${kind}_${random.bytes(32).toString('base64url')}`
  return new Secret(body + checkDigits(body))
}

/** True for a whole text that could have been made by `generateToken`; says nothing about whether it is in use. */
export function isOurToken(text: string): boolean {
  return shape.test(text) && checkDigits(text.slice(0, -6)) === text.slice(-6)
}

/**
 * What is kept instead of the token: SHA-256 in hex. A slow password hash would add nothing, there are 256 random
 * bits to guess; but the entry must therefore be a generated token, never a password.
 */
export function digestToken(token: Secret): string {
  return createHash('sha256').update(token.reveal()).digest('hex')
}
