import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.log-restricted',
  title: 'only root reads the log of the kernel',
  severity: 'low',
  why: 'it prints addresses and what crashed, which is half of an exploit',
  source: 'Kernel Self-Protection Project, recommended settings; docs.kernel.org, admin-guide/sysctl/kernel',
  keys: ['kernel.dmesg_restrict'],
  good: (value) => value === 1,
  want: '1',
  to: '1',
  otherwise: '0',
  bad: '0',
})
