import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.bpf-restricted',
  title: 'ordinary users load no BPF programs',
  severity: 'medium',
  why: 'the verifier of BPF has been the shortest way from an agent\'s shell to root (CVE-2021-3490, CVE-2023-2163)',
  source: 'CVE-2021-3490; docs.kernel.org, admin-guide/sysctl/kernel',
  keys: ['kernel.unprivileged_bpf_disabled'],
  good: (value) => value >= 1,
  want: '1 or 2',
  to: '1',
  otherwise: '2',
  bad: '0',
})
