import type { Check } from '../check.ts'
import automatic from './updates/automatic.ts'
import listsFresh from './updates/lists-fresh.ts'
import nonePending from './updates/none-pending.ts'
import restarted from './updates/restarted.ts'
import sourcesSigned from './updates/sources-signed.ts'

/** Checks of the area `updates`. */
export const updates: readonly Check[] = [
  automatic,
  listsFresh,
  nonePending,
  restarted,
  sourcesSigned,
]
