import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'config.no-telemetry',
  title: 'no statistics leave with the update check',
  severity: 'info',
  why: 'channels, providers and the number of plugins of this installation become known to others',
  source: 'OpenClaw 2026.9.6, telemetry',
  at: 'telemetry.enabled',
})
