import { Readable } from 'node:stream'
import { getExtensionData, readTlsClientHello } from 'read-tls-client-hello'
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

/** The name a client wants to meet behind the address. */
export type ServerName = { kind: 'name'; name: string } | { kind: 'absent' } | { kind: 'unreadable' }

// The reader waits for bytes that a lying length field promises; all bytes are here, so a moment is plenty.
const parseTimeoutMs = 1000

/**
 * Reads the server name out of a complete ClientHello record. A hello that is split over several records, or names
 * two servers, is unreadable: no ordinary client does either, and servers disagree about what it means.
 */
export async function readServerName(bytes: Buffer): Promise<ServerName> {
  const record = bytes.subarray(0, 5 + bytes.readUInt16BE(3))
  try {
    const hello = await inTime(readTlsClientHello(Readable.from([record], { objectMode: false })))
    const count = hello.extensions.filter(({ id }) => id === 0).length
    if (count === 0) return { kind: 'absent' }
    const name = getExtensionData(hello, 'sni')?.serverName
    return count > 1 || !name ? { kind: 'unreadable' } : { kind: 'name', name }
  } catch {
    return { kind: 'unreadable' }
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('incomplete')), parseTimeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
