import type { Check } from '../check.ts'
import autostartTrusted from './windows/autostart-trusted.ts'
import bitlockerOn from './windows/bitlocker-on.ts'
import defenderRealtime from './windows/defender-realtime.ts'
import defenderSignaturesFresh from './windows/defender-signatures-fresh.ts'
import defenderTamperProtected from './windows/defender-tamper-protected.ts'
import firewallBlocksInbound from './windows/firewall-blocks-inbound.ts'
import firewallOn from './windows/firewall-on.ts'
import notRunAsSystem from './windows/not-run-as-system.ts'
import remoteDesktopNeedsLogin from './windows/remote-desktop-needs-login.ts'
import smb1Off from './windows/smb1-off.ts'
import stateFolderPrivate from './windows/state-folder-private.ts'
import taskNotElevated from './windows/task-not-elevated.ts'
import uacOn from './windows/uac-on.ts'
import updatesInstalled from './windows/updates-installed.ts'
import updatesOn from './windows/updates-on.ts'
import userNotAdmin from './windows/user-not-admin.ts'

export const windows: readonly Check[] = [
  autostartTrusted,
  bitlockerOn,
  defenderRealtime,
  defenderSignaturesFresh,
  defenderTamperProtected,
  firewallBlocksInbound,
  firewallOn,
  notRunAsSystem,
  remoteDesktopNeedsLogin,
  smb1Off,
  stateFolderPrivate,
  taskNotElevated,
  uacOn,
  updatesInstalled,
  updatesOn,
  userNotAdmin,
]
