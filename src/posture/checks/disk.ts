import type { Check } from '../check.ts'
import secureBoot from './disk/secure-boot.ts'
import spaceLeft from './disk/space-left.ts'
import stateBelowPrivateFolders from './disk/state-below-private-folders.ts'
import stateEncrypted from './disk/state-encrypted.ts'
import swapEncrypted from './disk/swap-encrypted.ts'

/** Checks of the area `disk`. */
export const disk: readonly Check[] = [
  secureBoot,
  spaceLeft,
  stateBelowPrivateFolders,
  stateEncrypted,
  swapEncrypted,
]
