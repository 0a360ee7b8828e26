import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.no-source-routes',
  title: 'packets do not choose their own way',
  severity: 'low',
  why: 'a source route goes round the firewall between two networks',
  source: 'docs.kernel.org, networking/ip-sysctl; CIS Debian Linux 12 Benchmark, 3.3',
  keys: ['net.ipv4.conf.all.accept_source_route', 'net.ipv6.conf.all.accept_source_route'],
  good: (value) => value <= 0,
  want: '0',
  to: '0',
  otherwise: '0',
  bad: '1',
})
