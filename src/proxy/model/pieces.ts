import type { JsonObject } from './json-text.ts'

/** One text in an event of a stream: part of a longer text, which its slot names. */
export interface Piece {
  slot: string
  text: string
  /** `json`: part of a JSON text, quotes and line breaks are escaped. `kept`: counted, never changed. */
  kind: 'text' | 'json' | 'kept'
  set(text: string): void
}

/** Adds one string field of an event as a piece, if it is one and not empty. */
export function addPiece(to: Piece[], owner: JsonObject, field: string, slot: string, kind: Piece['kind']): void {
  const text = owner[field]
  if (typeof text !== 'string' || text === '') return
  to.push({
    slot,
    text,
    kind,
    set(changed) {
      owner[field] = changed
    },
  })
}

/**
 * Adds a whole value (arguments, search results) as its JSON text, so that its keys are looked at as well. It is
 * complete in this event: end its slot at once.
 */
export function addJsonPiece(to: Piece[], owner: JsonObject, field: string, slot: string): void {
  const value = owner[field]
  if (typeof value !== 'object' || value === null) return
  to.push({
    slot,
    text: JSON.stringify(value),
    kind: 'json',
    set(changed) {
      owner[field] = parsed(changed)
    },
  })
}

/**
 * Lets go of a field that repeats the text of these pieces token by token, as soon as one of them is changed: what
 * was taken out of the text would still stand there.
 */
export function withEcho(pieces: Piece[], owner: JsonObject, field: string): Piece[] {
  if (owner[field] === undefined || owner[field] === null) return pieces
  return pieces.map((piece) => ({
    ...piece,
    set(text) {
      piece.set(text)
      owner[field] = Array.isArray(owner[field]) ? [] : null
    },
  }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {} // a marker across its structure: none of it may go on
  }
}
