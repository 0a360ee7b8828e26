import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.logins-logged',
  title: 'logins are logged with their key',
  severity: 'medium',
  why: 'without them nobody sees who came, and Fail2Ban sees no failure',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'LogLevel',
  good: (value) => ['INFO', 'VERBOSE'].includes(value),
  want: 'INFO or VERBOSE',
  to: 'VERBOSE',
  bad: 'QUIET',
})
