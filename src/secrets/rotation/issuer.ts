import type { Secret } from '../../base/index.ts'

/** A key somebody issued. */
export interface IssuedKey {
  secret: Secret
  /** The issuer's own name for it, by which it is revoked; `null` where it has none or does not tell. */
  keyId: string | null
}

/** Whether a key is good: asked of whoever honours it, by a live call. `unknown` is neither. */
export type KeyVerdict = { verdict: 'accepted' } | { verdict: 'refused' } | { verdict: 'unknown'; why: string }

/**
 * Whoever makes and ends keys of one kind. Every call may be repeated: a rotation that crashed is taken up where it
 * stopped, and does its last step again.
 */
export interface KeyIssuer {
  /** In the words of the settings: `openai`, `aws_iam`. */
  readonly kind: string
  /**
   * Makes a new key; the old one stays good. `null`: keys of this kind are made by a person.
   * @param label unique for this rotation; a key that carries it and was never received is found and ended by `sweep`
   */
  mint: ((label: string) => Promise<IssuedKey>) | null
  /** False for keys that are good only once they are stored and loaded, such as the gateway's own token. */
  readonly goodWhenMinted: boolean
  /** The store makes the key and gives another one by itself, after a restart or when one ran out: that one is then the new one. */
  readonly madeByStore?: true
  /** Ends every key that carries the label. Does nothing when there is none. */
  sweep?(label: string): Promise<void>
  /** Finds the issuer's name for a key that is in use; `null`: not found. */
  identify?(secret: Secret): Promise<string | null>
  /** Ends a key for good. One that is gone already is no failure. `null`: keys of this kind are ended by a person. */
  revoke: ((key: { keyId: string | null; secret: Secret }) => Promise<void>) | null
  /** A live call with the key, where the guard knows no better one of its own. @param keyId left out or `null`: not known */
  check?(secret: Secret, keyId?: string | null): Promise<KeyVerdict>
  /** What a person has to do, and where, for the steps the issuer cannot do itself. */
  readonly byHand: { mint: string; revoke: string }
}
