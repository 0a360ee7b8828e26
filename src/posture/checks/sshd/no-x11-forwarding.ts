import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-x11-forwarding',
  title: 'forwarding of X11 is off',
  severity: 'low',
  why: 'a server that is taken over reads keys and screen of whoever connects with it',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'X11Forwarding',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
  risk: 'restart',
})
