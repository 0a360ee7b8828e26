import { sshdCheck, within } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.short-login-time',
  title: 'an unfinished login is cut soon',
  severity: 'low',
  why: 'half-open logins take places until nobody else gets one',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'LoginGraceTime',
  good: (value) => within(1, 120)(value),
  want: '1 to 120 seconds',
  to: '60',
  bad: '600',
})
