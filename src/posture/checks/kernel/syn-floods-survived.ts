import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.syn-floods-survived',
  title: 'a flood of half-open connections is survived',
  severity: 'medium',
  why: 'one machine without it keeps the front door shut',
  source: 'docs.kernel.org, networking/ip-sysctl; CIS Debian Linux 12 Benchmark, 3.3',
  keys: ['net.ipv4.tcp_syncookies'],
  good: (value) => value >= 1,
  want: '1',
  to: '1',
  otherwise: '1',
  bad: '0',
})
