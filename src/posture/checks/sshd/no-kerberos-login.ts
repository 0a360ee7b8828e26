import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-kerberos-login',
  title: 'tickets of Kerberos are not taken',
  severity: 'info',
  why: 'code that runs before anybody has logged in, for a login nobody uses here',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'GSSAPIAuthentication',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
  risk: 'restart',
})
