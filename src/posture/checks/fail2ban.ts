import type { Check } from '../check.ts'
import bansLongEnough from './fail2ban/bans-long-enough.ts'
import installed from './fail2ban/installed.ts'
import watchesFrontDoor from './fail2ban/watches-front-door.ts'
import watchesGuard from './fail2ban/watches-guard.ts'
import watchesSsh from './fail2ban/watches-ssh.ts'

/** Checks of the area `fail2ban`. */
export const fail2ban: readonly Check[] = [
  bansLongEnough,
  installed,
  watchesFrontDoor,
  watchesGuard,
  watchesSsh,
]
