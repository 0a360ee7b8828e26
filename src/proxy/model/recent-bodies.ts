import type { Reading } from './known-reading.ts'

// Conversations that take turns: what several sub-agents of one session make.
const maxBodies = 8
// Each of them some hundred kilobytes, and all of them a small part of what a guard may take.
const maxBytes = 4 * 1024 * 1024
/** Longer ones are not kept. */
export const mostKeptBytes = maxBytes / 2
// What a conversation may grow by before its copy moves to larger memory.
const spareMemory = 1.25
// What says where a part ends stands right behind it (`"role"`, `"tools"`).
const lookAheadBytes = 8
// Comparing is ten times as fast as hashing; in steps, because the places where two bodies part are at their end.
const [coarseBytes, fineBytes] = [32_768, 1_024]

/** A part of a body that was looked at: where it ends, and how many bytes at its end were undecided. */
export interface Part {
  end: number
  pending: number
}

/** A request, and what was made out about it: its parts in order, in which nothing was found, or how it was read. */
interface Recent {
  /** A copy, in memory that is ours and longer: whoever goes on from it only adds what is new. */
  readonly memory: Buffer
  readonly length: number
  readonly parts: readonly Part[]
  /** How it was read; `null`: nobody has made that out. */
  readonly reading: Reading | null
}

/** How an earlier body begins like another one. */
export interface Likeness {
  /** It says little that the other one does not say: whoever remembers that one need not remember it. */
  readonly outgrown: boolean
  readonly earlier: Recent
  /** The first parts, which are the same in both. */
  readonly parts: readonly Part[]
  readonly sameBytes: number
}

/**
 * The last few large requests that somebody made something out about. An agent's next call repeats its last one and adds to it: whatever is the
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
      const same = commonBytes(recent, body)
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
      outgrown: most > 0.9 * earlier.length,
      sameBytes: most,
      parts: earlier.parts.filter(({ end }) => end <= sureBytes),
    }
  }

  /** Remembers a body; it takes the place of the one it goes on from, or of the oldest. */
  keep(body: Buffer, parts: readonly Part[], alike: Likeness | null, reading: Reading | null = null): void {
    if (body.length > mostKeptBytes) return
    // While somebody rested between looking and keeping, another one may have taken that place.
    const replaced = alike?.outgrown && this.#recent.includes(alike.earlier) ? alike : null
    const others = this.#recent.filter((recent) => recent !== replaced?.earlier)
    this.#recent = [{ memory: copyOf(body, replaced), length: body.length, parts, reading }, ...others].slice(0, maxBodies)
    while (this.#recent.reduce((sum, { memory }) => sum + memory.length, 0) > maxBytes) this.#recent.pop()
  }

  forget(): void {
    this.#recent = []
  }
}

/**
 * A body that were kept itself would outlive its call by a few others: old memory by then, which only a full collection
 * gives back, and at some hundred kilobytes a call they would come several times a second.
 */
function copyOf(body: Buffer, replaced: Likeness | null): Buffer {
  const fits = replaced !== null && replaced.earlier.memory.length >= body.length
  const memory = fits ? replaced.earlier.memory : Buffer.allocUnsafeSlow(Math.ceil(body.length * spareMemory))
  const from = fits ? replaced.sameBytes : 0
  body.copy(memory, from, from)
  return memory
}

function commonBytes({ memory, length: earlierLength }: Recent, other: Buffer): number {
  const length = Math.min(earlierLength, other.length)
  let same = 0
  for (const step of [coarseBytes, fineBytes, 1]) {
    while (same < length) {
      const end = Math.min(same + step, length)
      if (memory.compare(other, same, end, same, end) !== 0) break
      same = end
    }
  }
  return same
}
