import type { Span } from '../output/spans.ts'
import type { Anchor } from './recognizer.ts'

// Where nothing but prose stands no shape is tried: what is looked for always holds one of these.
const anchors: Readonly<Record<Anchor, { is: RegExp; left: number; right: number }>> = {
  // Of what states and banks give out nothing begins with more than 10 units that are no digits.
  digit: { is: /[0-9]/g, left: 10, right: 128 },
  // Letters by chance: of 36 in base 58 one is a digit in all but two of a thousand addresses.
  wallet: { is: /[0-9]/g, left: 36, right: 96 },
  'at-sign': { is: /@/g, left: 66, right: 400 },
  'hex-pairs': { is: /[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]/g, left: 9, right: 20 },
  bracket: { is: /[[({<] ?[Aa][Tt] ?[\])}>]/g, left: 66, right: 400 },
}

/** Parts of a text, from `from` on, in which a match may stand as a whole, in order and apart from each other. */
export function islandsOf(text: string, anchor: Anchor, from: number): Span[] {
  const { is, left, right } = anchors[anchor]
  const islands: Span[] = []
  let island: Span | null = null
  is.lastIndex = from
  for (let hit = is.exec(text); hit; hit = is.exec(text)) {
    const start = Math.max(from, hit.index - left)
    const end = Math.min(text.length, hit.index + right)
    if (island && start <= island.end) island.end = end
    else islands.push((island = { start, end }))
  }
  return islands
}

/** The anchor, as an expression whose place is set before each use, and how far a match reaches at each side of it. */
export function anchorReach(anchor: Anchor): { is: RegExp; left: number; right: number } {
  return anchors[anchor]
}

/** A match whose anchor comes too late would be found or not by what stands around it, so it never is. */
export function standsIn(value: string, anchor: Anchor): boolean {
  const { is, left } = anchors[anchor]
  is.lastIndex = 0
  const hit = is.exec(value)
  is.lastIndex = 0
  return hit !== null && hit.index <= left
}
