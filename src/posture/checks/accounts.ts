import type { Check } from '../check.ts'
import noEmptyPasswords from './accounts/no-empty-passwords.ts'
import noSystemLogins from './accounts/no-system-logins.ts'
import openclawNoFreeSudo from './accounts/openclaw-no-free-sudo.ts'
import openclawNoLogin from './accounts/openclaw-no-login.ts'
import openclawNotRoot from './accounts/openclaw-not-root.ts'
import openclawWithoutPowers from './accounts/openclaw-without-powers.ts'
import privateHomes from './accounts/private-homes.ts'
import singleRoot from './accounts/single-root.ts'
import strictUmask from './accounts/strict-umask.ts'

/** Checks of the area `accounts`. */
export const accounts: readonly Check[] = [
  noEmptyPasswords,
  noSystemLogins,
  openclawNoFreeSudo,
  openclawNoLogin,
  openclawNotRoot,
  openclawWithoutPowers,
  privateHomes,
  singleRoot,
  strictUmask,
]
