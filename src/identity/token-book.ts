import { createHash, timingSafeEqual } from 'node:crypto'
import { HardshellError } from '../base/index.ts'

/** Who is asking: the name of a credential, never the credential, and what it may do. */
export interface Who {
  name: string
  permissions: readonly string[]
}

/** A token as the settings keep it. */
export interface TokenEntry {
  name: string
  permissions: readonly string[]
  /** SHA-256 of the token in hex, with or without `sha256:` in front; from `digestToken`. */
  sha256: string
}

export interface TokenBook {
  /**
   * @param presented as received; attacker-controlled
   * @returns `null` for nothing, for anything unknown, and for anything longer than a token could be
   */
  authenticate(presented: string | null | undefined): Who | null
}

// Our tokens have 56 characters; a longer one of somebody's own making is fine, but nobody makes us hash megabytes.
const maxLength = 1_024

/**
 * The list of those who may come in.
 *
 * Time tells nothing: what is looked up is the SHA-256 of the guess. An attacker cannot steer a digest towards a
 * stored one without finding a preimage, so how far the lookup's comparison got says nothing about the token; the
 * comparison that decides runs in constant time all the same.
 *
 * @throws HardshellError `identity.bad-token-entry` for a malformed digest, or one that two names share
 */
export function createTokenBook(tokens: readonly TokenEntry[]): TokenBook {
  const known = new Map<string, { digest: Buffer; who: Who }>()
  for (const { name, permissions, sha256 } of tokens) {
    const hex = sha256.toLowerCase().replace(/^sha256:/, '')
    if (!/^[0-9a-f]{64}$/.test(hex)) throw badEntry(name, 'has no SHA-256 digest of 64 hex digits')
    const twin = known.get(hex)
    if (twin) throw badEntry(name, `is the same token as ${twin.who.name}: which of them asks could not be told`)
    known.set(hex, {
      digest: Buffer.from(hex, 'hex'),
      who: Object.freeze({ name, permissions: Object.freeze([...permissions]) }),
    })
  }
  return {
    authenticate(presented) {
      if (!presented || presented.length > maxLength) return null
      const digest = createHash('sha256').update(presented).digest()
      const entry = known.get(digest.toString('hex'))
      return entry && timingSafeEqual(entry.digest, digest) ? entry.who : null
    },
  }
}

/** The digest is not quoted: a person may have put the token itself there by mistake. */
function badEntry(name: string, what: string): HardshellError {
  return new HardshellError('identity.bad-token-entry', `token ${name} ${what}`, {
    hint: 'make a new token and put its digest into the settings',
  })
}
