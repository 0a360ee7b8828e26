import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'logging.no-content-in-telemetry',
  title: 'telemetry does not carry what people write',
  severity: 'medium',
  why: 'messages and tool output leave for wherever telemetry is collected',
  source: 'OpenClaw docs, gateway/opentelemetry',
  at: 'diagnostics.otel.captureContent',
})
