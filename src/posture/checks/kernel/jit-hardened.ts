import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.jit-hardened',
  title: 'code made by the kernel is hardened against spraying',
  severity: 'info',
  why: 'constants in BPF programs are the usual carrier of an exploit',
  source: 'Kernel Self-Protection Project, recommended settings; docs.kernel.org, admin-guide/sysctl/kernel',
  keys: ['net.core.bpf_jit_harden'],
  good: (value) => value >= 1,
  want: '1 or 2',
  to: '2',
  otherwise: '2',
  bad: '0',
})
