import { valueBytes } from './grammar.ts'

/** `waiting`: the head is not whole yet. Otherwise its length, the empty line at its end included. */
export type HeadEnd = number | 'waiting' | 'too-large' | 'malformed'

/**
 * Looks for the end of a head that may arrive in any number of pieces, each byte looked at a bounded number of times.
 * What can not become a head any more (a line feed alone, a control character, TLS spoken to a plain port) is told at
 * once and not at the deadline.
 */
export class HeadSearch {
  readonly #maxBytes: number
  #searched = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** @param bytes everything received of the head so far and maybe more: the same beginning at every call */
  find(bytes: Buffer): HeadEnd {
    const found = bytes.indexOf(emptyLine, Math.max(0, this.#searched - 3))
    const end = found < 0 ? bytes.length : found + 4
    if (end > this.#maxBytes) return 'too-large'
    if (found >= 0) {
      this.#searched = 0
      return end
    }
    if (!isPlausible(bytes, Math.max(0, this.#searched - 1))) return 'malformed'
    this.#searched = bytes.length
    return 'waiting'
  }

  restart(): void {
    this.#searched = 0
  }
}

const emptyLine = Buffer.from('\r\n\r\n')
const cr = 0x0d
const lf = 0x0a

/** Only characters a head may have, line breaks only as CRLF. @param from 0, or a place whose byte was seen before */
function isPlausible(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (valueBytes[byte] === 1) continue
    if (byte === cr && (at + 1 === bytes.length || bytes[at + 1] === lf)) continue
    if (byte === lf && at > 0 && bytes[at - 1] === cr) continue
    return false
  }
  return true
}
