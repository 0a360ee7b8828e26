import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.no-redirects-sent',
  title: 'no redirects are sent',
  severity: 'info',
  why: 'this machine is no router and has no routes to teach',
  source: 'docs.kernel.org, networking/ip-sysctl; CIS Debian Linux 12 Benchmark, 3.3',
  keys: ['net.ipv4.conf.all.send_redirects'],
  good: (value) => value === 0,
  want: '0',
  to: '0',
  otherwise: '1',
  bad: '1',
})
