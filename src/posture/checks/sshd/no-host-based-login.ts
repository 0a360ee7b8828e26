import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-host-based-login',
  title: 'no other machine vouches for its users',
  severity: 'medium',
  why: 'one machine that is taken over logs in here as anybody',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'HostbasedAuthentication',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
  risk: 'lockout',
})
