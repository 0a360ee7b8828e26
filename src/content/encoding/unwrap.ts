import { invisiblePieces, leetPieces, reversedPieces, rotatedPieces, spacedPieces } from './disguises.ts'
import { escapedPieces } from './escapes.ts'
import { innerLayer, sourceLayer, type Layer, type Piece, type Place } from './layer.ts'
import { base64Pieces, hexPieces } from './runs.ts'

/** How much is unwrapped. What lies beyond is not looked at: the text itself still is. */
export interface UnwrapBounds {
  /** Encodings inside encodings. */
  depth: number
  /** Hidden texts. */
  count: number
  /** UTF-16 units of all hidden texts together. */
  units: number
}

// Three deep: base64 in a URL in HTML. The units keep the work on a text of 100 KB below five times its own.
const usualBounds: UnwrapBounds = { depth: 3, count: 64, units: 262_144 }

/**
 * Texts hidden in a text by encoding: base64 and hex (also over several lines or literals), percent signs, entities
 * and backslashes, rot13, reversed, spaced out, digits for letters, tag characters, variation selectors; each also
 * inside another. Linear in the text plus what the bounds allow.
 * @returns the hidden texts only, outer ones first; empty when nothing readable is hidden
 */
export function unwrap(text: string, bounds: UnwrapBounds = usualBounds): Layer[] {
  const layers: Layer[] = []
  const seen = new Set([text])
  let left = bounds.units
  let outer = [sourceLayer(text)]
  for (let depth = 0; depth < bounds.depth && outer.length > 0; depth++) {
    const inner: Layer[] = []
    for (const layer of outer) {
      for (const piece of piecesOf(layer)) {
        if (seen.has(piece.text)) continue
        if (seen.size > bounds.count) return [...layers, ...inner]
        if (piece.text.length > left) continue // a big one must not hide the small ones behind it
        seen.add(piece.text)
        left -= piece.text.length
        inner.push(innerLayer(layer, piece))
      }
    }
    layers.push(...inner)
    outer = inner
  }
  return layers
}

/**
 * Shows a text and everything hidden in it to a detector. What is found in hidden text is reported at the place in
 * the text that hides it.
 * @param find a detector whose findings carry `start` and `end`
 */
export function seeThrough<Found extends Place>(text: string, find: (text: string) => readonly Found[]): Found[] {
  return findIn([sourceLayer(text), ...unwrap(text)], find)
}

/** `seeThrough` over layers that are there already. */
export function findIn<Found extends Place>(layers: readonly Layer[], find: (text: string) => readonly Found[]): Found[] {
  return layers.flatMap((layer) => find(layer.text).map((found) => ({ ...found, ...layer.at(found.start, found.end) })))
}

function* piecesOf(layer: Layer): Generator<Piece> {
  yield* escapedPieces(layer.text)
  yield* invisiblePieces(layer.text)
  yield* base64Pieces(layer.text)
  yield* hexPieces(layer.text)
  yield* spacedPieces(layer.text)
  // A text that was turned over or spelt in digits once is not again: every reading would bring another.
  const last = layer.encodings.at(-1)
  if (last !== 'rot13') yield* rotatedPieces(layer.text)
  if (last !== 'reversed') yield* reversedPieces(layer.text)
  if (last !== 'leet') yield* leetPieces(layer.text)
}
