import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.no-redirects-taken',
  title: 'routes are not taken from redirects',
  severity: 'low',
  why: 'anybody in the same network could make traffic go through his machine',
  source: 'docs.kernel.org, networking/ip-sysctl; CIS Debian Linux 12 Benchmark, 3.3',
  keys: ['net.ipv4.conf.all.accept_redirects', 'net.ipv4.conf.default.accept_redirects', 'net.ipv6.conf.all.accept_redirects', 'net.ipv6.conf.default.accept_redirects'],
  good: (value) => value === 0,
  want: '0',
  to: '0',
  otherwise: '1',
  bad: '1',
})
