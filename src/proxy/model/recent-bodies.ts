// Conversations that take turns: what several sub-agents of one session make.
const maxBodies = 8
// Each of them some hundred kilobytes, and all of them a small part of what a guard may take.
const maxBytes = 4 * 1024 * 1024
// What says where a part ends stands right behind it (`"role"`, `"tools"`).
const lookAheadBytes = 8
// Comparing is ten times as fast as hashing; in steps, because the places where two bodies part are at their end.
const [coarseBytes, fineBytes] = [32_768, 1_024]

/** A part of a body that was looked at: where it ends, and how many bytes at its end were undecided. */
export interface Part {
  end: number
  pending: number
}

/** A request in which nothing was found, and its parts in order. */
interface Recent {
  body: Buffer
  parts: readonly Part[]
}

/** How an earlier body begins like another one. */
export interface Likeness {
  /** It says little that the other one does not say: whoever remembers that one need not remember it. */
  readonly outgrown: boolean
  readonly earlier: Recent
  /** The first parts, which are the same in both. */
  readonly parts: readonly Part[]
}

/**
 * The last few large requests that were clean. An agent's next call repeats its last one and adds to it: whatever is the
 * same byte for byte from the beginning on need not even be hashed.
 */
export class RecentBodies {
  /** Newest first. */
  #recent: Recent[] = []

  /** @returns `null` when no earlier body begins like this one */
  like(body: Buffer): Likeness | null {
    let most = 0
    let alike: Recent | null = null
    for (const recent of this.#recent) {
      const same = commonBytes(recent.body, body)
      if (same <= most) continue
      most = same
      alike = recent
      if (most > body.length / 2) break // another one could hardly be more alike
    }
    if (alike === null || most <= lookAheadBytes) return null
    const sureBytes = most - lookAheadBytes
    const earlier = alike
    return {
      earlier,
      outgrown: most > 0.9 * earlier.body.length,
      parts: earlier.parts.filter(({ end }) => end <= sureBytes),
    }
  }

  /** Remembers a clean body; it takes the place of the one it goes on from, or of the oldest. */
  keep(body: Buffer, parts: readonly Part[], alike: Likeness | null): void {
    if (body.length > maxBytes / 2) return
    const others = this.#recent.filter((recent) => !(alike?.outgrown && recent === alike.earlier))
    this.#recent = [{ body, parts }, ...others].slice(0, maxBodies)
    while (this.#recent.reduce((sum, recent) => sum + recent.body.length, 0) > maxBytes) this.#recent.pop()
  }

  forget(): void {
    this.#recent = []
  }
}

function commonBytes(one: Buffer, other: Buffer): number {
  const length = Math.min(one.length, other.length)
  let same = 0
  for (const step of [coarseBytes, fineBytes, 1]) {
    while (same < length) {
      const end = Math.min(same + step, length)
      if (one.compare(other, same, end, same, end) !== 0) break
      same = end
    }
  }
  return same
}
