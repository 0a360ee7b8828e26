import type { Channel } from './channel.ts'
import { marksIn } from './marks.ts'
import { hear } from './phrases.ts'
import type { Window } from './windows.ts'
import type { Words } from './words.ts'

/** A phrase or a mark, by the words it stands at. */
export interface Clue {
  id: string
  weight: number
  from: number
  to: number
}

/** Phrases and marks of a text, in order. @param origin from places of the plain text to places of `text` */
export function cluesIn(text: string, words: Words, origin: (at: number) => number, channel: Channel): Clue[] {
  if (words.count === 0) return []
  const marks = marksIn(text, channel).map(({ id, weight, start, end }) => {
    const from = wordAt(words, origin, start)
    return { id, weight, from, to: Math.max(from + 1, wordAt(words, origin, end)) }
  })
  return [...hear(words, channel), ...marks].sort((a, b) => a.from - b.from)
}

/** The first word that ends behind a place; the last word when none does. */
function wordAt(words: Words, origin: (at: number) => number, place: number): number {
  let low = 0
  let high = words.count - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (origin(words.end[middle]!) > place) high = middle
    else low = middle + 1
  }
  return low
}

// Three strong clues. More of the same do not make it more certain; one that is certain by itself may say more.
const most = 6

/**
 * What the clues inside a window add to its log-odds: the heaviest of each kind.
 * @param clues in order
 */
export function clueWeight(clues: readonly Clue[], { from, to }: Window): number {
  const heaviest = new Map<string, number>()
  for (let i = firstAt(clues, from); i < clues.length && clues[i]!.from < to; i++) {
    const { id, weight } = clues[i]!
    heaviest.set(id, Math.max(heaviest.get(id) ?? 0, weight))
  }
  let sum = 0
  for (const weight of heaviest.values()) sum += weight
  return Math.max(Math.min(most, sum), ...heaviest.values())
}

function firstAt(clues: readonly Clue[], from: number): number {
  let low = 0
  let high = clues.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (clues[middle]!.from >= from) high = middle
    else low = middle + 1
  }
  return low
}
