import { tokenBytes, valueBytes } from './grammar.ts'

// Real chunks have no extensions; a few short ones harm nobody. Without a bound a client could send gigabytes of them
// around a body of a few bytes (CVE-2024-22019).
const maxExtensionBytes = 4_096
// Trailers are read to find their end, and dropped.
const maxTrailerBytes = 8_192
// 4 GiB in one chunk are more than any body we take.
const maxSizeDigits = 8

type Line = 'size' | 'extension' | 'size-lf' | 'trailer' | 'trailer-lf'
type State = Line | 'data' | 'data-cr' | 'data-lf' | 'done' | 'bad'

/**
 * Takes the chunked coding off a body, in whatever pieces it arrives. Only CRLF ends a line, sizes are hexadecimal
 * digits and nothing else, extensions must be well formed. Source: RFC 9112, section 7.1.
 */
export class ChunkedReader {
  readonly #emit: (piece: Buffer) => void
  #state: State = 'size'
  #size = 0
  #digits = 0
  #line = ''
  #extensionBytes = 0
  #trailerBytes = 0

  /** @param emit gets each piece of content in order */
  constructor(emit: (piece: Buffer) => void) {
    this.#emit = emit
  }

  /** `more`: the end has not come. `bad`: this is not the chunked coding, and nobody knows where it ends. */
  get state(): 'more' | 'done' | 'bad' {
    return this.#state === 'done' || this.#state === 'bad' ? this.#state : 'more'
  }

  /** @returns how many bytes belonged to the body: fewer than given only when it is over */
  read(bytes: Buffer): number {
    let at = 0
    while (at < bytes.length && this.#state !== 'done' && this.#state !== 'bad') {
      if (this.#state === 'data') at = this.#data(bytes, at)
      else this.#state = this.#step(bytes[at++]!)
    }
    return at
  }

  #data(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#size)
    this.#size -= end - at
    if (this.#size === 0) this.#state = 'data-cr'
    this.#emit(bytes.subarray(at, end))
    return end
  }

  #step(byte: number): State {
    switch (this.#state) {
      case 'size':
        return this.#sizeDigit(byte)
      case 'extension':
        return this.#extension(byte)
      case 'size-lf':
        return byte === lf ? this.#sizeKnown() : 'bad'
      case 'data-cr':
        return byte === cr ? 'data-lf' : 'bad'
      case 'data-lf':
        return byte === lf ? 'size' : 'bad'
      case 'trailer':
        return this.#trailer(byte)
      case 'trailer-lf':
        return byte === lf ? this.#trailerLine() : 'bad'
      case 'data':
      case 'done':
      case 'bad':
        return this.#state
    }
  }

  #sizeDigit(byte: number): State {
    const digit = hexDigits[byte]!
    if (digit !== notHex) {
      this.#size = this.#size * 16 + digit
      return ++this.#digits > maxSizeDigits ? 'bad' : 'size'
    }
    if (this.#digits === 0) return 'bad'
    if (byte === cr) return 'size-lf'
    if (byte !== semicolon) return 'bad'
    this.#line = ';'
    return 'extension'
  }

  #extension(byte: number): State {
    if (byte === cr) return wellFormedExtensions.test(this.#line) ? 'size-lf' : 'bad'
    if (valueBytes[byte] !== 1 || ++this.#extensionBytes > maxExtensionBytes) return 'bad'
    this.#line += String.fromCharCode(byte)
    return 'extension'
  }

  #sizeKnown(): State {
    this.#digits = 0
    this.#line = ''
    return this.#size === 0 ? 'trailer' : 'data'
  }

  #trailer(byte: number): State {
    if (byte === cr) return 'trailer-lf'
    if (valueBytes[byte] !== 1 || ++this.#trailerBytes > maxTrailerBytes) return 'bad'
    this.#line += String.fromCharCode(byte)
    return 'trailer'
  }

  #trailerLine(): State {
    if (this.#line === '') return 'done'
    const colon = this.#line.indexOf(':')
    if (colon <= 0) return 'bad'
    for (let at = 0; at < colon; at++) if (tokenBytes[this.#line.charCodeAt(at)] !== 1) return 'bad'
    if (neverTrailers.has(this.#line.slice(0, colon).toLowerCase())) return 'bad'
    this.#line = ''
    return 'trailer'
  }
}

// Whoever frames by the head and whoever lets a trailer change it would see different messages (RFC 9110, 6.5.1).
const neverTrailers = new Set(['connection', 'content-length', 'host', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

const cr = 0x0d
const lf = 0x0a
const semicolon = 0x3b
const notHex = 255

const hexDigits = new Uint8Array(256).fill(notHex)
for (let digit = 0; digit < 16; digit++) {
  const char = digit.toString(16)
  hexDigits[char.charCodeAt(0)] = digit
  hexDigits[char.toUpperCase().charCodeAt(0)] = digit
}

// A name, and maybe a token or a quoted string behind `=`; no blanks around them. Each part ends where the next begins.
const wellFormedExtensions =
  /^(?:;[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:=(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[^"\\]|\\.)*"))?)*$/
