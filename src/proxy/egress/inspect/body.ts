import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'

/** A body that can be read, or why it cannot. */
export type Unpacked = { kind: 'plain'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'broken' } | { kind: 'unknown-coding' }

type Unpack = (bytes: Buffer, options: { maxOutputLength: number; info: true }, done: (error: Error | null, result: Whole) => void) => void

/** What Node gives back when it is asked for more than the bytes; its types do not know it. */
type Whole = { buffer: Buffer; engine: { bytesWritten: number } }

const unpackers: Readonly<Record<string, (bytes: Buffer) => Unpack>> = {
  gzip: () => gunzip as unknown as Unpack,
  'x-gzip': () => gunzip as unknown as Unpack,
  deflate: (bytes) => (isZlib(bytes) ? inflate : inflateRaw) as unknown as Unpack,
  br: () => brotliDecompress as unknown as Unpack,
  zstd: () => zstdDecompress as unknown as Unpack,
}

// More than one coding on top of another is used by nobody but who wants not to be read.
const maxCodings = 2

/**
 * Undoes the content codings of a body. Attacker-controlled: a kilobyte may hold a gigabyte.
 * @param coding the header as it came; `undefined`: none
 */
export async function unpack(bytes: Buffer, coding: string | undefined, maxBytes: number): Promise<Unpacked> {
  const codings = codingsOf(coding)
  if (codings === null || codings.length > maxCodings) return { kind: 'unknown-coding' }
  let plain = bytes
  for (const name of codings.toReversed()) {
    try {
      const { buffer, engine } = await promisify(unpackers[name]!(plain))(plain, { maxOutputLength: maxBytes, info: true })
      // What stands behind the end, or behind a frame that says nothing, leaves with the rest and was not read.
      if (engine.bytesWritten !== plain.length) return { kind: 'broken' }
      plain = buffer
    } catch (error) {
      return { kind: (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'broken' }
    }
  }
  return plain.length > maxBytes ? { kind: 'too-large' } : { kind: 'plain', bytes: plain }
}

/** @returns names in lower case, in the order applied; `null` when one is not known */
export function codingsOf(header: string | undefined): string[] | null {
  const names = (header ?? '').toLowerCase().split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity')
  return names.every((name) => Object.hasOwn(unpackers, name)) ? names : null
}

/** zlib's header, which `deflate` has by the standard and not always in fact. Source: RFC 1950, section 2.2. */
function isZlib(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes[0]! & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0
}
