import { unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.strict-umask',
  title: 'files of the gateway are private',
  severity: 'low',
  why: 'state, logs and what agents write are readable by every other account',
  source: 'systemd.exec(5), UMask; OpenClaw docs: file permissions',
  key: 'UMask',
  good: (value) => (Number.parseInt(value, 8) & 0o077) === 0o077,
  want: '0077',
  to: '0077',
  bad: '0022',
})
