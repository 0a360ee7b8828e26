import type { Piece, Place } from './layer.ts'

/** Readable text in runs of base64, also broken over lines or string literals. */
export function* base64Pieces(text: string): Generator<Piece> {
  let block: Place[] = []
  for (const { 0: run, index } of text.matchAll(base64Run)) {
    const place = { start: index, end: index + run.length }
    const last = block.at(-1)
    if (last && !isBreak(text, last.end, place.start)) {
      yield* readableBlock(text, block)
      block = []
    }
    block.push(place)
  }
  yield* readableBlock(text, block)
}

// Eight: what a literal is split into is longer, most words are shorter.
const base64Run = /[A-Za-z0-9+/_-]{8,}={0,2}/g

function* readableBlock(text: string, block: readonly Place[]): Generator<Piece> {
  for (const run of block) yield* readableIn(text, [run])
  if (block.length > 1) yield* readableIn(text, block)
  // A word on the line above the block would shift all of it.
  if (block.length > 2) yield* readableIn(text, block.slice(1))
}

/** Readable text in runs of hexadecimal digits, with or without separators between the bytes. */
export function* hexPieces(text: string): Generator<Piece> {
  for (const match of text.matchAll(hexRun)) {
    const place = { start: match.index, end: match.index + match[0].length }
    const decoded = readable(fromHex(match[0]))
    if (decoded) yield { encoding: 'hex', text: decoded, at: () => place }
  }
}

// Not inside a word: the `ee` of `see` would shift every digit behind it.
const hexRun = /(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}){10,}|(?<![0-9A-Za-z])[0-9A-Fa-f]{2}(?:[ :,\n][0-9A-Fa-f]{2}(?![0-9A-Za-z])){9,}/g

// Sixteen units are twelve bytes: shorter ones hold no instruction, and every other word would be tried.
const shortestBase64 = 16

/** A line break or the seam of two string literals; a space alone separates words. */
function isBreak(text: string, from: number, to: number): boolean {
  return to - from <= 12 && /^(?:\s{0,3}(?:\\[nr]|[\n\r"'`+,.\\])\s{0,3}){1,6}$/.test(text.slice(from, to))
}

function* readableIn(text: string, runs: readonly Place[]): Generator<Piece> {
  const digits = runs.map(({ start, end }) => text.slice(start, end).replaceAll('=', '')).join('')
  // Letters of one size are words and names: in base64 of any text both sizes turn up.
  if (digits.length < shortestBase64 || !/[a-z]/.test(digits) || !/[A-Z]/.test(digits)) return
  const decoded = readable(fromBase64(digits))
  const place = { start: runs[0]!.start, end: runs.at(-1)!.end }
  if (decoded) yield { encoding: 'base64', text: decoded, at: () => place }
}

/** @param digits of base64 or base64url, and nothing else */
function fromBase64(digits: string): Uint8Array {
  // One digit too many is six bits of nothing.
  const usable = digits.length % 4 === 1 ? digits.slice(0, -1) : digits
  return Uint8Array.from(atob(usable.replaceAll('-', '+').replaceAll('_', '/')), (unit) => unit.charCodeAt(0))
}

function fromHex(run: string): Uint8Array {
  const digits = run.replace(/^0x|[^0-9A-Fa-f]/g, '')
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}

/** Bytes as text, when they are text: random bytes of a key or picture are not. */
export function readable(bytes: Uint8Array): string | null {
  if (bytes.length < 8) return null
  const narrow = isWide(bytes) ? bytes.filter((_, i) => i % 2 === 0) : bytes
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(narrow)
  } catch {
    return null
  }
  const odd = text.replace(/[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Emoji}\s]/gu, '').length
  const letters = text.replace(/[^\p{L}\p{N}\s]/gu, '').length
  return odd === 0 && letters * 2 >= text.length ? text : null
}

/** UTF-16LE of Latin letters, as PowerShell's encoded commands are. */
function isWide(bytes: Uint8Array): boolean {
  return bytes.length % 2 === 0 && bytes.every((byte, i) => i % 2 === 0 || byte === 0)
}
