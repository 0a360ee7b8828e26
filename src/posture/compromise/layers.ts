import { gunzipSync, inflateSync } from 'node:zlib'
import { unwrap, type Layer } from '../../content/index.ts'

/** A text hidden in another, and how. */
export interface HiddenText {
  text: string
  /** Outermost first: `['base64', 'gzip']`. */
  decoding: readonly string[]
  /** Where it stands in the text it was hidden in. */
  at(start: number): number
}

// Enough for every blob of a 250 KB file; the units keep a file of nothing but encodings below ten times its own work.
const bounds = { depth: 3, count: 256, units: 1_048_576 }
const maxUnzipped = 262_144

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

const ownDisguises = new Set(['gzip', 'zlib', 'joined', 'rot13', 'reversed'])

function fromLayer({ text, encodings, at }: Layer): HiddenText {
  return { text, decoding: encodings, at: (start) => at(start, start + 1).start }
}

function* disguised(text: string): Generator<HiddenText> {
  yield* unzipped(text)
  yield* joined(text)
  yield* turned(text)
}

/** Base64 of gzip begins with `H4sI`, of zlib with `eJ` or `eN` (RFC 1952, RFC 1950). */
function* unzipped(text: string): Generator<HiddenText> {
  for (const match of text.matchAll(/(?<![A-Za-z0-9+/])(?:H4sI|eJ[wxyz]|eN[opqr])[A-Za-z0-9+/]{24,200000}={0,2}/g)) {
    const decoding = match[0].startsWith('H4sI') ? 'gzip' : 'zlib'
    try {
      const bytes = Buffer.from(match[0], 'base64')
      const plain = (decoding === 'gzip' ? gunzipSync : inflateSync)(bytes, { maxOutputLength: maxUnzipped }).toString('utf8')
      yield { text: plain, decoding: ['base64', decoding], at: () => match.index }
    } catch {
      // It only looked like it, or is larger than anybody hides a command in.
    }
  }
}

const seam = /(['"`])\s{0,8}\+?\s{0,8}\1/g
const seams = /\w['"`]\s{0,8}\+\s{0,8}['"`]\w|\w(?:''|"")\w/g

/** `'cu' + 'rl'` and `cu""rl`: the lines with seams, without them. */
function* joined(text: string): Generator<HiddenText> {
  for (const { line, start } of linesWith(text, seams)) yield { text: line.replaceAll(seam, ''), decoding: ['joined'], at: () => start }
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

/** Lines, or the part of a long one, in which a pattern is found; each once. */
function* linesWith(text: string, pattern: RegExp): Generator<{ line: string; start: number }> {
  let behind = 0
  let count = 0
  for (const { index } of text.matchAll(pattern)) {
    if (index < behind) continue
    if (++count > maxLines) return
    const start = Math.max(text.lastIndexOf('\n', index) + 1, index - lineUnits)
    const newline = text.indexOf('\n', index)
    behind = Math.min(newline === -1 ? text.length : newline, index + lineUnits)
    yield { line: text.slice(start, behind), start }
  }
}

function rotate(letter: string): string {
  const base = letter <= 'Z' ? 65 : 97
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
}
