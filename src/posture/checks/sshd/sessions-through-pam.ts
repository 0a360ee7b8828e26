import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.sessions-through-pam',
  title: 'sessions go through PAM',
  severity: 'low',
  why: 'without it limits, locked accounts and expired passwords count for nothing over SSH',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'UsePAM',
  good: (value) => value === 'yes',
  want: 'yes',
  to: 'yes',
  bad: 'no',
  risk: 'restart',
})
