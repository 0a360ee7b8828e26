import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-empty-passwords',
  title: 'accounts without a password cannot log in over SSH',
  severity: 'critical',
  why: 'an account whose password field is empty is open to the first scanner that tries it',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'PermitEmptyPasswords',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
  risk: 'lockout',
})
