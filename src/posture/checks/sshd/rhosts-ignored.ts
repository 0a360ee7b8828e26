import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.rhosts-ignored',
  title: '~/.rhosts and ~/.shosts count for nothing',
  severity: 'medium',
  why: 'a file an agent can write would decide who may come in',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'IgnoreRhosts',
  good: (value) => value === 'yes',
  want: 'yes',
  to: 'yes',
  bad: 'no',
})
