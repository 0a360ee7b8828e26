import { guide1 } from './guide-1.ts'
import { guide2 } from './guide-2.ts'
import { guide3 } from './guide-3.ts'
import { guide4 } from './guide-4.ts'
import { guide5 } from './guide-5.ts'
import type { Item } from './item.ts'

/** Every tick box, row and numbered advice of the five guides. */
export const items: readonly Item[] = [...guide1, ...guide2, ...guide3, ...guide4, ...guide5]

/** The item of an id, or `null`. */
export function findItem(id: string): Item | null {
  return items.find((item) => item.id === id) ?? null
}
