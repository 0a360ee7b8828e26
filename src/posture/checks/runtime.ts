import type { Check } from '../check.ts'
import certificatesVerified from './runtime/certificates-verified.ts'
import environmentFilesPrivate from './runtime/environment-files-private.ts'
import kernelSettingsProtected from './runtime/kernel-settings-protected.ts'
import memoryLimited from './runtime/memory-limited.ts'
import noDebugging from './runtime/no-debugging.ts'
import noKeysInUnits from './runtime/no-keys-in-units.ts'
import noNewPrivileges from './runtime/no-new-privileges.ts'
import privateTmp from './runtime/private-tmp.ts'
import processesLimited from './runtime/processes-limited.ts'
import restarts from './runtime/restarts.ts'
import strictUmask from './runtime/strict-umask.ts'
import systemReadOnly from './runtime/system-read-only.ts'
import unitPrivate from './runtime/unit-private.ts'

/** Checks of the area `runtime`. */
export const runtime: readonly Check[] = [
  certificatesVerified,
  environmentFilesPrivate,
  kernelSettingsProtected,
  memoryLimited,
  noDebugging,
  noKeysInUnits,
  noNewPrivileges,
  privateTmp,
  processesLimited,
  restarts,
  strictUmask,
  systemReadOnly,
  unitPrivate,
]
