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
// As many as the IANA registry has types for; browsers send about twenty. More would only keep us comparing.
const maxExtensions = 64

/**
 * Reads the server name out of a complete ClientHello record. Every length has to fit into the one around it and end
 * with it. A hello that is split over several records, or names two servers, is unreadable: no ordinary client does
 * either, and servers disagree about what it means. Source: RFC 8446, section 4.1.2.
 */
export function readServerName(bytes: Buffer): ServerName {
  const end = 5 + bytes.readUInt16BE(3)
  return end > bytes.length ? unreadable : readHello(bytes, end)
}

const unreadable: ServerName = { kind: 'unreadable' }
const absent: ServerName = { kind: 'absent', ech: false }

// One place that moves forward, and no object for each of some twenty parts: a tunnel pays for it before it is open.
function readHello(bytes: Buffer, end: number): ServerName {
  // A second message in the first record: no client sends one before it was answered.
  if (end < 9 || bytes[5] !== 1 || 9 + bytes.readUIntBE(6, 3) !== end) return unreadable
  let at = 9 + 2 + 32
  at = behind(bytes, at, 1, end)
  at = behind(bytes, at, 2, end)
  at = behind(bytes, at, 1, end)
  if (at === end) return absent
  if (behind(bytes, at, 2, end) !== end) return unreadable
  return readExtensions(bytes, at + 2, end)
}

/** Where the part ends whose length stands here in so many bytes; behind everything when it does not fit. */
function behind(bytes: Buffer, at: number, size: 1 | 2, end: number): number {
  if (at + size > end) return Infinity
  const length = size === 1 ? bytes[at]! : (bytes[at]! << 8) | bytes[at + 1]!
  return at + size + length > end ? Infinity : at + size + length
}

function readExtensions(bytes: Buffer, at: number, end: number): ServerName {
  const seen: number[] = []
  let name: string | null = null
  let ech = false
  while (at < end) {
    const next = behind(bytes, at + 2, 2, end)
    const type = next === Infinity ? -1 : (bytes[at]! << 8) | bytes[at + 1]!
    if (type === -1 || seen.includes(type) || seen.length === maxExtensions) return unreadable
    seen.push(type)
    if (type === serverNameExtension) {
      name = readName(bytes, at + 4, next)
      if (name === null) return unreadable
    }
    ech ||= echExtensions.has(type)
    at = next
  }
  return name === null ? { kind: 'absent', ech } : { kind: 'name', name, ech }
}

/** One name of kind `host_name`; the list may hold others in theory and never does. */
function readName(bytes: Buffer, at: number, end: number): string | null {
  if (at + 5 > end || behind(bytes, at, 2, end) !== end || bytes[at + 2] !== 0 || behind(bytes, at + 3, 2, end) !== end) return null
  const name = bytes.toString('latin1', at + 5, end)
  return /^[\x21-\x7e]+$/.test(name) ? name : null
}
