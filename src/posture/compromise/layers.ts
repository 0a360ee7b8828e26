import { constants, gunzipSync, inflateSync } from 'node:zlib'
import { unwrap, type Layer } from '../../content/encoding/index.ts'
import { disguisedPlainly, rotate } from './disguises.ts'

/** A text hidden in another, and how. */
export interface HiddenText {
  text: string
  /** Outermost first: `['base64', 'gzip']`. */
  decoding: readonly string[]
  /** Where it stands in the text it was hidden in. */
  at(start: number): number
}

// Enough for every blob of a 250 KB file; the units keep a file of nothing but encodings below ten times its own work.
const bounds = { depth: 6, count: 256, units: 1_048_576 }
// Of each blob, and of all blobs of a text: a kilobyte unzips to a megabyte, and a file may be made of such kilobytes.
const maxUnzipped = 262_144
const maxUnzippedAll = 1_048_576
// More of a blob is not unzipped. Deflate makes at most 1,032 out of one, so what is unzipped whole stays below 17 MB.
const maxZipped = 16_384

/**
 * What `content` unwraps for agents, and what attackers do to scanners besides: compressed blobs, literals put together
 * again, addresses and commands in rot13 or backwards. Each also inside the other, once.
 */
export function hiddenTexts(text: string): readonly HiddenText[] {
  const outer: HiddenText[] = [...disguised(text), ...unwrap(text, bounds).map(fromLayer)]
  const inner = outer.flatMap((layer) =>
    [...disguised(layer.text), ...(layer.decoding.some((one) => ownDisguises.has(one)) ? unwrap(layer.text, bounds).map(fromLayer) : [])].map(
      (piece): HiddenText => ({ text: piece.text, decoding: [...layer.decoding, ...piece.decoding], at: (start) => layer.at(piece.at(start)) }),
    ),
  )
  return [...outer, ...inner]
}

const ownDisguises = new Set(['gzip', 'zlib', 'joined', 'rot13', 'reversed', 'folded', 'numbers'])

function fromLayer({ text, encodings, at }: Layer): HiddenText {
  return { text, decoding: encodings, at: (start) => at(start, start + 1).start }
}

function* disguised(text: string): Generator<HiddenText> {
  yield* unzipped(text)
  yield* joined(text)
  yield* turned(text)
  yield* disguisedPlainly(text)
}

/** Base64 of gzip begins with `H4sI`, of zlib with `eA`, `eF`, `eJ` or `eN` (RFC 1952, RFC 1950); hex with the same bytes. */
function* unzipped(text: string): Generator<HiddenText> {
  let left = maxUnzippedAll
  const blobs = /(?<![A-Za-z0-9+/])(?:(?:H4sI|eA[E-H]|eF[4-7]|eJ[wxyz]|eN[opqr])(?:[A-Za-z0-9+/]|[\r\n](?=[A-Za-z0-9+/=])){24,200000}={0,2}|(?:1f8b08|78(?:01|5e|9c|da))(?:[\da-f]{2}){18,100000})/g
  for (const match of text.matchAll(blobs)) {
    if (left <= 0) return
    const hex = /^(?:1f8b08|78(?:01|5e|9c|da))[\da-f]+$/.test(match[0])
    const bytes = hex ? Buffer.from(match[0].slice(0, 2 * maxZipped), 'hex') : Buffer.from(match[0].slice(0, 2 * maxZipped), 'base64').subarray(0, maxZipped)
    const decoding = bytes[0] === 0x1f ? 'gzip' : 'zlib'
    try {
      // What was cut off, or never was there, does not hide what is before it.
      const plain = (decoding === 'gzip' ? gunzipSync : inflateSync)(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8', 0, Math.min(maxUnzipped, left))
      left -= plain.length
      yield { text: plain, decoding: [hex ? 'hex' : 'base64', decoding], at: () => match.index }
    } catch {
      // It only looked like it.
    }
  }
}

const seam = /(['"`])\s{0,40}[+.]?\s{0,40}\1|\$\{(?:""|''|``)\}|(?<=\w)(?:''|"")(?=\w)/g
const seams = /[\w.:/]['"`]\s{0,40}[+.]\s{0,40}['"`][\w.:/]|\w(?:''|"")\w|\$\{(?:""|''|``)\}|[\w.:/]['"]\n\s{0,40}['"][\w.:/]/g

/** `'cu' + 'rl'`, `cu""rl`, and one literal to a line: what follows a seam for some lines, without seams. */
function* joined(text: string): Generator<HiddenText> {
  for (const { line, start } of linesWith(text, seams, 400)) yield { text: line.replaceAll(seam, ''), decoding: ['joined'], at: () => start }
}

/** Addresses and shells, in rot13 and backwards. */
function* turned(text: string): Generator<HiddenText> {
  for (const { line, start } of linesWith(text, /uggcf?:\/\/|\bphey\b|\/ova\/onfu/gi)) {
    yield { text: line.replaceAll(/[A-Za-z]/g, rotate), decoding: ['rot13'], at: () => start }
  }
  for (const { line, start } of linesWith(text, /\/\/:s?ptth|\blruc\b|hsab\/nib\//gi)) {
    yield { text: line.split('').toReversed().join(''), decoding: ['reversed'], at: () => start }
  }
}

// A minified file is one line of megabytes: so much of it around a find is looked at, so many times.
const lineUnits = 4000
const maxLines = 64

/** Lines, or the part of a long one, in which a pattern is found, and `more` units behind them; each once. */
function* linesWith(text: string, pattern: RegExp, more = 0): Generator<{ line: string; start: number }> {
  let behind = 0
  let count = 0
  for (const { index } of text.matchAll(pattern)) {
    if (index < behind) continue
    if (++count > maxLines) return
    const start = Math.max(text.lastIndexOf('\n', index) + 1, index - lineUnits)
    const newline = text.indexOf('\n', index + more)
    behind = Math.min(newline === -1 ? text.length : newline, index + lineUnits)
    yield { line: text.slice(start, behind), start }
  }
}
