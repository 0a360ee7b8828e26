import { withoutLookAlikes } from '../../content/encoding/index.ts'
import type { HiddenText } from './layers.ts'

// Half the window that is looked at: more than this of one text is not what it pretends to be.
const maxUnits = 262_144
// A command is shorter in any alphabet; what is longer is a picture, and eight of those tell nobody anything.
const maxNumbers = 20_000
const maxBlobs = 32

/** What needs no decoder to be undone and is still not what it reads as. Places are those of the line it begins in. */
export function* disguisedPlainly(text: string): Generator<HiddenText> {
  yield* folded(text)
  yield* continued(text)
  yield* numbered(text)
  yield* turnedBase64(text)
}

/** Letters nobody sees, letters as wide as ideographs, letters drawn like Latin ones: units shift, so lines tell the place. */
function* folded(text: string): Generator<HiddenText> {
  if (text.length > maxUnits || !/[\0\u00AD\u0250-\uFFFF]/.test(text)) return
  const plain = withoutLookAlikes(text.normalize('NFKC').replaceAll(/[\0\p{Cf}\uFE00-\uFE0F]/gu, ''))
  if (plain !== text) yield { text: plain, decoding: ['folded'], at: sameLine(text, plain) }
}

/** One command over several lines. */
function* continued(text: string): Generator<HiddenText> {
  if (!/\\\r?\n/.test(text)) return
  const plain = text.replaceAll(/\\\r?\n[ \t]{0,40}/g, ' ')
  const units = plain.length
  yield { text: plain, decoding: ['continued'], at: (start) => Math.min(text.length - 1, Math.floor((start / units) * text.length)) }
}

/** `String.fromCharCode(99, 117, …)`, `bytes([99, …])`, `\143\165…`: ASCII by its numbers. */
function* numbered(text: string): Generator<HiddenText> {
  let count = 0
  for (const match of text.matchAll(/(?<![\d,])\d{2,3}(?:\s?,\s?\d{2,3}){11,}|(?:\\[01]?[0-7]{2}){12,}/g)) {
    if (++count > maxBlobs) return
    const octal = match[0].startsWith('\\')
    const codes = match[0].slice(0, maxNumbers).match(/\d+/g)!.map((digits) => Number.parseInt(digits, octal ? 8 : 10))
    if (codes.every((code) => code >= 9 && code < 127)) yield { text: String.fromCharCode(...codes), decoding: ['numbers'], at: () => match.index }
  }
}

/** Base64 that is written backwards or in rot13, as it stands: only what then reads as a text. */
function* turnedBase64(text: string): Generator<HiddenText> {
  let count = 0
  for (const match of text.matchAll(/(?<![A-Za-z0-9+/=])={0,2}[A-Za-z0-9+/]{40,20000}={0,2}/g)) {
    if (++count > maxBlobs) return
    const turns = [['reversed', match[0].split('').toReversed().join('')], ['rot13', match[0].replaceAll(/[A-Za-z]/g, rotate)]] as const
    for (const [how, blob] of turns) {
      const plain = Buffer.from(blob, 'base64').toString('latin1')
      if (/^[\t\n\r -~]{20,}$/.test(plain)) yield { text: plain, decoding: [how, 'base64'], at: () => match.index }
    }
  }
}

/** Lines stay lines when letters are folded. */
function sameLine(text: string, plain: string): (start: number) => number {
  return (start) => {
    let at = 0
    for (let i = plain.indexOf('\n'); i !== -1 && i < start; i = plain.indexOf('\n', i + 1)) at = text.indexOf('\n', at) + 1
    return at
  }
}

/** Thirteen letters on. Pure. */
export function rotate(letter: string): string {
  const base = letter <= 'Z' ? 65 : 97
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
}
