import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.addresses-hidden',
  title: 'addresses of the kernel are hidden',
  severity: 'low',
  why: 'an exploit of the kernel needs to know where things lie, and /proc tells it',
  source: 'Kernel Self-Protection Project, recommended settings; docs.kernel.org, admin-guide/sysctl/kernel',
  keys: ['kernel.kptr_restrict'],
  good: (value) => value >= 1,
  want: '1 or 2',
  to: '2',
  otherwise: '0',
  bad: '0',
})
