import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.unfinished-logins-limited',
  title: 'few unfinished logins at a time',
  severity: 'low',
  why: 'a crowd of half-open connections keeps the operator out',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'MaxStartups',
  good: (value) => isLimited(value),
  want: 'at most 10:30:100',
  to: '10:30:60',
  bad: '100:30:200',
  // Not the usual ones: of several lines OpenSSH 9.2 takes the last.
  examples: {
    pass: { default: { files: { '/etc/ssh/sshd_config': 'UseDNS no\n' } }, said: { files: { '/etc/ssh/sshd_config': 'MaxStartups 10:30:60\n' } } },
    fail: { many: { files: { '/etc/ssh/sshd_config': 'MaxStartups 100:30:200\n' } }, number: { files: { '/etc/ssh/sshd_config': 'MaxStartups 50\n' } } },
  },
})

// start:rate:full, or one number (sshd_config(5)); the defaults are 10:30:100.
function isLimited(value: string): boolean {
  const [start = Infinity, , full = start] = value.split(':').map(Number)
  return start <= 10 && full <= 100
}
