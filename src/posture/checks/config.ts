import namesOfToday from './config/names-of-today.ts'
import noAuditSuppressions from './config/no-audit-suppressions.ts'
import noDangerousFlags from './config/no-dangerous-flags.ts'
import noShellEnvironment from './config/no-shell-environment.ts'
import noTelemetry from './config/no-telemetry.ts'
import readable from './config/readable.ts'
import settingsKnown from './config/settings-known.ts'

export const config = [namesOfToday, noAuditSuppressions, noDangerousFlags, noShellEnvironment, noTelemetry, readable, settingsKnown]
