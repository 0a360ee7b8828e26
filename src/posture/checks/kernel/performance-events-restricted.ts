import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.performance-events-restricted',
  title: 'ordinary users do not measure the kernel',
  severity: 'low',
  why: 'performance events show what other processes do, and had exploits of their own',
  source: 'Kernel Self-Protection Project, recommended settings; docs.kernel.org, admin-guide/sysctl/kernel',
  keys: ['kernel.perf_event_paranoid'],
  good: (value) => value >= 2,
  want: '2 or more',
  to: '3',
  otherwise: '2',
  bad: '1',
})
