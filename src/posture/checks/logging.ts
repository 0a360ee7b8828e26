import auditOn from './logging/audit-on.ts'
import noCacheTrace from './logging/no-cache-trace.ts'
import noContentInTelemetry from './logging/no-content-in-telemetry.ts'
import noDebugLevel from './logging/no-debug-level.ts'
import redactionOn from './logging/redaction-on.ts'

export const logging = [auditOn, noCacheTrace, noContentInTelemetry, noDebugLevel, redactionOn]
