import { sshdCheck, within } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.few-sessions',
  title: 'a connection opens few sessions',
  severity: 'low',
  why: 'one connection could take all memory with shells nobody counted',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'MaxSessions',
  good: (value) => within(0, 10)(value),
  want: 'at most 10',
  to: '10',
  bad: '50',
})
