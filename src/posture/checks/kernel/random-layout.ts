import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.random-layout',
  title: 'programs lie at random addresses',
  severity: 'medium',
  why: 'with fixed addresses a bug in memory is an exploit',
  source: 'Kernel Self-Protection Project, recommended settings; docs.kernel.org, admin-guide/sysctl/kernel',
  keys: ['kernel.randomize_va_space'],
  good: (value) => value === 2,
  want: '2',
  to: '2',
  otherwise: '2',
  bad: '0',
})
