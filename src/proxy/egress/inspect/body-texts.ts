import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'

/** A body as text to be looked through, and back. Bytes that are no UTF-8 stand for themselves. */
export function textOf(bytes: Buffer): { text: string; encoding: 'utf8' | 'latin1' } {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  return { text: bytes.toString(encoding), encoding }
}

/**
 * What a body says, in pieces that overlap and each take some milliseconds to look through: whoever uploads a megabyte
 * must not hold up everybody else. Long runs of base64 and hex are decoded here, because a detector that sees a piece
 * of one sees nothing; short ones it finds by itself.
 */
export async function* piecesOf(text: string, depth = 0): AsyncGenerator<string> {
  for (let at = 0; at === 0 || at + overlap < text.length; at += stride) {
    yield text.slice(at, at + stride + overlap)
    await setImmediate()
  }
  // UTF-16 hides every ASCII text behind zeros.
  if (text.includes('\0') && depth < maxDepth) yield* piecesOf(text.replaceAll('\0', ''), maxDepth)
  if (depth < maxDepth) for (const inner of insideRuns(text)) yield* piecesOf(inner, depth + 1)
}

const stride = 12_288
// A private key of 4,096 bits in PEM, or a short secret in the widest encoding there is.
const overlap = 4_096
// What is packed twice over is packed to be overlooked; once more would be work without end.
const maxDepth = 2

// Where the detectors' own unwrapping may end: its bound is a quarter of a megabyte for all of a piece.
const leastRun = 2_048

function* insideRuns(text: string): Generator<string> {
  const joined = text.replaceAll(/\\[rn]|[\r\n\t ]+/g, '') // MIME breaks lines, JSON writes the breaks out
  for (const [run] of joined.matchAll(new RegExp(`[A-Za-z0-9+/_-]{${leastRun},}`, 'g'))) {
    // Letters put in front shift everything that follows, so each shift is tried; a wrong one gives no words.
    for (let shift = 0; shift < 4; shift++) yield* words(Buffer.from(run.slice(shift), 'base64'))
    if (/^[0-9a-fA-F]+$/.test(run)) for (const shift of [0, 1]) yield* words(Buffer.from(run.slice(shift), 'hex'))
  }
}

/** The printable runs of bytes, one text; nothing when there are none worth a look. */
function* words(bytes: Buffer): Generator<string> {
  const found = bytes.toString('latin1').match(/[\t\r\n\x20-\x7e]{12,}/g)
  if (found) yield found.join('\n')
}
