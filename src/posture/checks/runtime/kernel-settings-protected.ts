import { isYes, unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.kernel-settings-protected',
  title: 'the gateway cannot change settings of the kernel',
  severity: 'low',
  why: 'an agent that got too many rights still cannot switch the guards of the kernel off',
  source: 'systemd.exec(5), ProtectKernelTunables',
  key: 'ProtectKernelTunables',
  good: (value) => isYes(value),
  want: 'yes',
  to: 'yes',
  bad: 'no',
})
