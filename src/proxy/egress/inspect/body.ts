import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'

/** A body that can be read, or why it cannot. */
export type Unpacked = { kind: 'plain'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'broken' } | { kind: 'unknown-coding' }

const unpackers: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: async (bytes, options) => await promisify(isZlib(bytes) ? inflate : inflateRaw)(bytes, options),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
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
      plain = await unpackers[name]!(plain, { maxOutputLength: maxBytes })
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
