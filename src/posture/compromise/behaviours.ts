import type { Behaviour } from './behaviour.ts'
import { downloads } from './behaviours-download.ts'
import { footholds, instructions } from './behaviours-foothold.ts'
import { thefts } from './behaviours-theft.ts'

/** Every rule there is. The suite shows each its examples and all the harmless text. */
export const behaviours: readonly Behaviour[] = [...downloads, ...thefts, ...footholds, ...instructions]
