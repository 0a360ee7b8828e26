import { sshdCheck, within } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.few-login-tries',
  title: 'a connection has few tries to log in',
  severity: 'medium',
  why: 'each connection may guess that often before it has to come again and is counted',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'MaxAuthTries',
  good: (value) => within(1, 6)(value),
  want: 'at most 6',
  to: '6',
  bad: '20',
})
