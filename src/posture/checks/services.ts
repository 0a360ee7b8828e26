import type { Check } from '../check.ts'
import auditDaemon from './services/audit-daemon.ts'
import journalKept from './services/journal-kept.ts'
import logsRotated from './services/logs-rotated.ts'
import noClearTextLogins from './services/no-clear-text-logins.ts'
import noCoreDumps from './services/no-core-dumps.ts'
import noDesktopServices from './services/no-desktop-services.ts'
import noFileSharing from './services/no-file-sharing.ts'
import noMailServer from './services/no-mail-server.ts'
import noneFailed from './services/none-failed.ts'
import timeSynced from './services/time-synced.ts'

/** Checks of the area `services`. */
export const services: readonly Check[] = [
  auditDaemon,
  journalKept,
  logsRotated,
  noClearTextLogins,
  noCoreDumps,
  noDesktopServices,
  noFileSharing,
  noMailServer,
  noneFailed,
  timeSynced,
]
