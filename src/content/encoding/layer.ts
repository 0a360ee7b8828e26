/** How a text was hidden inside another. */
export type Encoding =
  | 'base64'
  | 'hex'
  | 'escapes'
  | 'rot13'
  | 'reversed'
  | 'spaced'
  | 'leet'
  | 'tags'
  | 'selectors'

/** Half open, in UTF-16 units. */
export interface Place {
  start: number
  end: number
}

/** What became readable, and where it stands in the text it was hidden in. */
export interface Piece {
  encoding: Encoding
  text: string
  /** The place in the outer text that became the units from `start` to `end` of this one. */
  at(start: number, end: number): Place
}

/** A text that was hidden in the source, perhaps several times over. */
export interface Layer {
  text: string
  /** Outermost first: `['escapes', 'base64']` is base64 inside percent signs. Empty for the source itself. */
  encodings: readonly Encoding[]
  /** The place in the source. A run that is decoded as a whole answers with the whole run. */
  at(start: number, end: number): Place
}

/** The source as a layer of itself. */
export function sourceLayer(text: string): Layer {
  return { text, encodings: [], at: (start, end) => ({ start, end }) }
}

export function innerLayer(outer: Layer, piece: Piece): Layer {
  return {
    text: piece.text,
    encodings: [...outer.encodings, piece.encoding],
    at(start, end) {
      const place = piece.at(start, end)
      return outer.at(place.start, place.end)
    },
  }
}

/** For pieces whose units each came from a place of their own. @param origin one place per unit and the end behind it */
export function byOrigin(origin: readonly number[]): Piece['at'] {
  const last = origin.length - 1
  return (start, end) => {
    const from = origin[Math.min(start, last)]!
    // The next unit's origin is where this one's source ends.
    return { start: from, end: Math.max(from, origin[Math.min(end, last)]!) }
  }
}
