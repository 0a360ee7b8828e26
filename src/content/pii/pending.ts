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

function pendingOf(text: string, anchor: Anchor, { is, withoutDigits, longest }: Begun): number {
  const tail = text.slice(-longest)
  const reach = anchorReach(anchor)
  reach.is.lastIndex = 0
  const first = reach.is.exec(tail)?.index ?? tail.length
  // 8: a bracket written out, `( at )`, and the two units an edge looks back.
  const end = tail.slice(Math.max(0, Math.min(first, tail.length - 8) - reach.left))
  const search = /[0-9]/.test(end) ? is : withoutDigits
  const hit = search?.exec(end)
  return hit ? end.length - hit.index : 0
}
