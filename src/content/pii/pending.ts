import { beginningsOf, type Begun, type CompiledRecognizer } from './compile.ts'
import { anchorReach } from './islands.ts'
import type { Anchor } from './recognizer.ts'

/** Tells how much of the end of a text may be the beginning of a match. */
export type Pending = (text: string) => number

/**
 * Only the last units are looked at, as many as the longest match has; and where the anchor of a group does not stand
 * in them, only as many as may stand before an anchor that is still to come.
 */
export function pendingOver(byAnchor: ReadonlyMap<Anchor, readonly CompiledRecognizer[]>): Pending {
  const groups = [...byAnchor].map(([anchor, recognizers]) => ({ anchor, begun: beginningsOf(recognizers) }))
  return (text) => Math.max(...groups.map(({ anchor, begun }) => pendingOf(text, anchor, begun)))
}

function pendingOf(text: string, anchor: Anchor, { is, longest }: Begun): number {
  const tail = text.slice(-longest)
  const reach = anchorReach(anchor)
  reach.is.lastIndex = 0
  const anchored = reach.is.test(tail)
  // 8: a bracket written out, `( at )`, and the two units an edge looks back.
  const end = anchored ? tail : tail.slice(-reach.left - 8)
  const hit = is.exec(end)
  return hit ? end.length - hit.index : 0
}
