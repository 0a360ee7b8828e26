import type { Progress } from './first-bytes.ts'

/** 5 bytes of record header and the largest record there is (RFC 8446, section 5.1: 2^14 bytes). */
export const maxHelloBytes = 5 + 16_384

/** Is the first TLS record complete? Anything that does not begin like a handshake record is `bad`. */
export function helloProgress(bytes: Buffer): Progress {
  if (bytes.length > 0 && bytes[0] !== 0x16) return 'bad'
  if (bytes.length > 1 && bytes[1] !== 0x03) return 'bad'
  if (bytes.length < 5) return 'more'
  const length = bytes.readUInt16BE(3)
  if (length > 16_384) return 'bad'
  return bytes.length >= 5 + length ? 'done' : 'more'
}

/** What a ClientHello says about whom it wants to meet. */
export type ServerName =
  | { kind: 'name'; name: string; ech: boolean }
  | { kind: 'absent'; ech: boolean }
  | { kind: 'unreadable' }

// RFC 6066, section 3; RFC 9849 and its draft versions; the ESNI drafts before it (Cloudflare, Firefox until 85).
const serverNameExtension = 0
const echExtensions = new Set([0xfe0d, 0xffce])

/**
 * Reads the server name out of a complete ClientHello record. Every length has to fit into the one around it and end
 * with it. A hello that is split over several records, or names two servers, is unreadable: no ordinary client does
 * either, and servers disagree about what it means. Source: RFC 8446, section 4.1.2.
 */
export function readServerName(bytes: Buffer): ServerName {
  try {
    return readHello(new Reader(bytes.subarray(5, 5 + bytes.readUInt16BE(3))))
  } catch {
    return { kind: 'unreadable' }
  }
}

function readHello(record: Reader): ServerName {
  if (record.number(1) !== 1) throw new RangeError('no ClientHello')
  const hello = record.part(3)
  // A second message in the first record: no client sends one before it was answered.
  record.end()
  hello.skip(2 + 32)
  hello.part(1)
  hello.part(2)
  hello.part(1)
  if (hello.left === 0) return { kind: 'absent', ech: false }
  const extensions = hello.part(2)
  hello.end()
  let name: string | null = null
  let ech = false
  const seen = new Set<number>()
  while (extensions.left > 0) {
    const type = extensions.number(2)
    const content = extensions.part(2)
    if (seen.has(type)) throw new RangeError('an extension twice')
    seen.add(type)
    if (type === serverNameExtension) name = readName(content)
    ech ||= echExtensions.has(type)
  }
  return name === null ? { kind: 'absent', ech } : { kind: 'name', name, ech }
}

/** One name of kind `host_name`; the list may hold others in theory and never does. */
function readName(content: Reader): string {
  const list = content.part(2)
  content.end()
  if (list.number(1) !== 0) throw new RangeError('no host name')
  const name = list.part(2)
  list.end()
  const text = name.rest().toString('latin1')
  if (text === '' || !/^[\x21-\x7e]+$/.test(text)) throw new RangeError('no name')
  return text
}

/** Reads forward and never beyond its end. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  number(size: 1 | 2 | 3): number {
    const value = this.#bytes.readUIntBE(this.#at, size)
    this.#at += size
    return value
  }

  skip(size: number): void {
    if (size > this.left) throw new RangeError('too short')
    this.#at += size
  }

  /** What a length of so many bytes in front of it holds. */
  part(size: 1 | 2 | 3): Reader {
    const length = this.number(size)
    const from = this.#at
    this.skip(length)
    return new Reader(this.#bytes.subarray(from, from + length))
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at)
  }

  end(): void {
    if (this.left > 0) throw new RangeError('too long')
  }
}
