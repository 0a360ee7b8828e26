import { unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.restarts',
  title: 'the gateway comes back after a crash',
  severity: 'low',
  why: 'a gateway that fell over stays down until somebody looks, and with it everything people asked of it',
  source: 'OpenClaw guides, health checks with automatic restart; systemd.service(5)',
  key: 'Restart',
  good: (value) => ['always', 'on-failure', 'on-abnormal', 'on-abort'].includes(value.trim()),
  want: 'on-failure or always',
  to: 'on-failure',
  bad: 'no',
})
