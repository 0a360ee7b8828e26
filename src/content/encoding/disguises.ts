import { byOrigin, type Piece } from './layer.ts'
import { readable } from './runs.ts'
import { splitWords } from './split-words.ts'

/** Text in rot13, when words an attacker needs stand in it. */
export function* rotatedPieces(text: string): Generator<Piece> {
  yield* aroundKeywords(text, rotated, (part, start) => ({
    encoding: 'rot13',
    text: part.replace(/[A-Za-z]/g, rotate),
    at: (from, to) => ({ start: start + from, end: start + to }),
  }))
}

const rotated = /vtaber|vafgehpgvba|cebzcg|cerivbhf|flfgrz|erirny|cnffjbeq|perqragvny|qvfertneq|nffvfgnag/i

/** Text written backwards, when words an attacker needs stand in it. */
export function* reversedPieces(text: string): Generator<Piece> {
  yield* aroundKeywords(text, reversed, (part, start) => ({
    encoding: 'reversed',
    text: part.split('').toReversed().join(''),
    at: (from, to) => ({ start: start + part.length - to, end: start + part.length - from }),
  }))
}

const reversed = /erongi|noitcurtsni|tpmorp|suoiverp|laever|drowssap|laitnederc|dragersid|tnatsissa/i

/** Words whose letters stand apart: `i g n o r e`, `i.g.n.o.r.e`. Wider gaps are taken for the ends of words. */
export function* spacedPieces(text: string): Generator<Piece> {
  for (const match of text.matchAll(/(?:[\p{L}\p{N}_][ ._*|-]{1,3}){7,999}[\p{L}\p{N}_]/gu)) {
    const origin: number[] = []
    let joined = ''
    for (const part of match[0].matchAll(/([\p{L}\p{N}_])([ ._*|-]*)/gu)) {
      joined += part[1]!
      origin.push(...Array.from({ length: part[1]!.length }, () => match.index + part.index))
      if (part[2]!.length < 2) continue
      joined += ' '
      origin.push(match.index + part.index)
    }
    origin.push(match.index + match[0].length)
    const words = splitWords(joined, origin)
    yield { encoding: 'spaced', text: words.text, at: byOrigin(words.origin) }
  }
}

/** Lines in which digits and signs stand for letters: `1gn0r3`. A `1` is an i or an l, so there are two readings. */
export function* leetPieces(text: string): Generator<Piece> {
  let read = 0
  for (const mixed of text.matchAll(/[A-Za-z][013457@$][A-Za-z]/g)) {
    if (mixed.index < read) continue
    const start = text.lastIndexOf('\n', mixed.index) + 1
    const end = text.indexOf('\n', mixed.index)
    const line = text.slice(start, end < 0 ? text.length : end)
    read = start + line.length
    if (isLeet(line)) yield* leetReadings(line, start)
  }
}

function* leetReadings(line: string, index: number): Generator<Piece> {
  const at: Piece['at'] = (start, end) => ({ start: index + start, end: index + end })
  for (const one of ['i', 'l']) {
    const letters: Record<string, string> = { 0: 'o', 1: one, 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's' }
    yield { encoding: 'leet', text: line.replace(/[013457@$]/g, (sign) => letters[sign]!), at }
  }
}

/**
 * Every third word at least mixes letters with the digits that look like some, and no others, as a hash would. Names
 * and versions (`mp3`, `utf8`) come one in a line.
 */
function isLeet(line: string): boolean {
  let words = 0
  let mixed = 0
  for (const [word] of line.matchAll(/[A-Za-z0-9@$]+/g)) {
    words++
    if (/^[A-Za-z013457@$]{2,24}$/.test(word) && /[A-Za-z]/.test(word) && /[013457@$]/.test(word)) mixed++
  }
  return mixed >= 2 && mixed * 3 >= words
}

/** Letters of the tag block and bytes in variation selectors: nobody sees them, a model reads them. */
export function* invisiblePieces(text: string): Generator<Piece> {
  for (const match of text.matchAll(/[\u{E0020}-\u{E007E}]{3,}/gu)) {
    // 🏴 and tags is a flag of a region; it ends with the cancel tag, and has no spaces.
    if (text.slice(0, match.index).endsWith('\u{1F3F4}')) continue
    const letters = [...match[0]].map((tag) => String.fromCodePoint(tag.codePointAt(0)! - 0xe0000)).join('')
    // Each tag is two units.
    const placeOf = (unit: number): number => Math.min(match.index + 2 * unit, match.index + match[0].length)
    yield { encoding: 'tags', text: letters, at: (from, to) => ({ start: placeOf(from), end: placeOf(to) }) }
  }
  for (const match of text.matchAll(/[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{8,}/gu)) {
    const decoded = readable(Uint8Array.from(match[0], (selector) => byteOf(selector.codePointAt(0)!)))
    const place = { start: match.index, end: match.index + match[0].length }
    if (decoded) yield { encoding: 'selectors', text: decoded, at: () => place }
  }
}

/** The first sixteen selectors are bytes 0 to 15, the supplement goes on from there (P. Butler, February 2025). */
function byteOf(code: number): number {
  return code < 0xe0100 ? code - 0xfe00 : code - 0xe0100 + 16
}

// Half a page on each side: an instruction is shorter, and a long text is not turned over whole for one word.
const reach = 2000

function* aroundKeywords(text: string, keyword: RegExp, read: (part: string, start: number) => Piece): Generator<Piece> {
  let at = 0
  while (at < text.length) {
    const found = text.slice(at).search(keyword)
    if (found < 0) return
    const start = Math.max(at, at + found - reach)
    const end = Math.min(text.length, at + found + reach)
    yield read(text.slice(start, end), start)
    at = end
  }
}

function rotate(letter: string): string {
  const base = letter <= 'Z' ? 65 : 97
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
}
