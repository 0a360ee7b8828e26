import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/**
 * We ask for plain answers; a provider that packs them anyway is unpacked, because what cannot be read cannot be
 * screened.
 * @returns `null` for a plain answer, `unknown` for an encoding we cannot read
 */
export function unpackerFor(encoding: string | string[] | undefined): Transform | null | 'unknown' {
  switch (String(encoding ?? 'identity').trim().toLowerCase()) {
    case 'identity':
    case '':
      return null
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      return createInflate()
    case 'zstd':
      return createZstdDecompress()
    default:
      return 'unknown'
  }
}
