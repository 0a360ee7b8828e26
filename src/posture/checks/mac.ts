import type { Check } from '../check.ts'
import accessibilityNotGranted from './mac/accessibility-not-granted.ts'
import autoLoginOff from './mac/auto-login-off.ts'
import filevaultOn from './mac/filevault-on.ts'
import firewallOn from './mac/firewall-on.ts'
import firewallStealth from './mac/firewall-stealth.ts'
import gatekeeperOn from './mac/gatekeeper-on.ts'
import guestOff from './mac/guest-off.ts'
import launchdNotRoot from './mac/launchd-not-root.ts'
import launchdPlistPrivate from './mac/launchd-plist-private.ts'
import remoteLoginOff from './mac/remote-login-off.ts'
import screenLocks from './mac/screen-locks.ts'
import sipOn from './mac/sip-on.ts'
import staysAwake from './mac/stays-awake.ts'
import updatesAutomatic from './mac/updates-automatic.ts'
import userNotAdmin from './mac/user-not-admin.ts'

export const mac: readonly Check[] = [
  accessibilityNotGranted,
  autoLoginOff,
  filevaultOn,
  firewallOn,
  firewallStealth,
  gatekeeperOn,
  guestOff,
  launchdNotRoot,
  launchdPlistPrivate,
  remoteLoginOff,
  screenLocks,
  sipOn,
  staysAwake,
  updatesAutomatic,
  userNotAdmin,
]
