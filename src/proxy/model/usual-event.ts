import { parseObject, type JsonObject } from './json-text.ts'
import type { Piece } from './pieces.ts'
import type { Tally } from './usage.ts'

/**
 * Reads events without parsing them. A stream is some thousand events that differ in one text and in nothing else: what
 * an event like that says is known from the one before. It only ever vouches for events that are the same to the last
 * byte around that text, which itself must be plain.
 */
export class UsualEvent {
  #before = ''
  #after = ''
  #piece: Piece | null = null

  /**
   * @param data the JSON of an event that carried one text, and nothing beside it that anybody must hear of
   * @param piece that text
   * @param piecesOf reads the texts of an event
   */
  learn(data: string, piece: Piece, piecesOf: (event: JsonObject) => readonly Piece[]): void {
    const literal = JSON.stringify(piece.text)
    const at = data.indexOf(literal)
    this.#before = data.slice(0, at + 1)
    this.#after = data.slice(at + literal.length - 1)
    // Twice, or spelled in another way: then nobody knows where it stands.
    const isPlace = at !== -1 && at === data.lastIndexOf(literal) && this.#changesOnly(piece, piecesOf)
    this.#piece = isPlace ? piece : null
  }

  /** The text may be spelled with escapes in its own place, and stand plainly in one that says something else. */
  #changesOnly({ slot, kind, text }: Piece, piecesOf: (event: JsonObject) => readonly Piece[]): boolean {
    const other = `${JSON.stringify(text).slice(1, -1)}, and more`
    const event = parseObject(this.#before + other + this.#after)
    const pieces = event ? piecesOf(event) : []
    const [only] = pieces
    return pieces.length === 1 && only!.slot === slot && only!.kind === kind && only!.text === `${text}, and more`
  }

  /** @returns the one text of the event, as a piece of the same slot; `null` when the event must be parsed */
  read(data: string): Pick<Piece, 'slot' | 'kind' | 'text'> | null {
    const piece = this.#piece
    const length = data.length - this.#before.length - this.#after.length
    if (!piece || length <= 0 || !data.startsWith(this.#before) || !data.endsWith(this.#after)) return null
    const text = data.slice(this.#before.length, this.#before.length + length)
    return notPlain.test(text) ? null : { slot: piece.slot, kind: piece.kind, text }
  }
}

/** What JSON does not let stand in a string as it is (RFC 8259, section 7). */
const notPlain = /["\\\u0000-\u001f]/

/** True when an event brought text and nothing else that is counted. */
export function countsOnlyText(before: Tally, after: Tally): boolean {
  const fields = Object.keys(after) as (keyof Tally)[]
  return fields.every((field) => field === 'textBytes' || before[field] === after[field])
}
