import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-user-environment',
  title: 'users cannot set the environment of their session',
  severity: 'medium',
  why: 'LD_PRELOAD in ~/.ssh/environment goes round a forced command',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'PermitUserEnvironment',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
})
